package simulator

import (
	"slices"
	"time"
	_ "time/tzdata" // people live in zones that the machine may not know
)

// Config says which world to make.
type Config struct {
	Seed uint64
	// People is how many there are: first the household of three, the rest
	// drawn at random.
	People int
	// Days is the length of the history.
	Days int
	// Until is the end of the history. The same seed and the same UTC date of
	// Until give the same bytes for every complete day.
	Until time.Time
	// Faults disturb deliveries; nil means UsualFaults.
	Faults *Faults
	// Zones are where people live, by index, instead of where they would; empty leaves
	// it. Where there is no park to run in, they record no activities.
	Zones []string
	// Stories make happen to the household whatever keeps data away; see
	// World.Stories.
	Stories bool
}

// World is a set of people and all that their watches will ever send. It is
// safe for concurrent use.
type World struct {
	cfg    Config
	faults Faults
	end    civil
	people []Person
	cycles *cache[*cycle]
	days   *cache[*day]
	// stories are what happens on purpose, mostly nothing.
	stories []Story
}

// New makes a world. It costs next to nothing: days are made when asked for.
func New(cfg Config) *World {
	w := &World{
		cfg:    cfg,
		faults: UsualFaults(),
		end:    civilOf(cfg.Until.UTC()),
		cycles: newCache[*cycle](96),
		days:   newCache[*day](48),
	}
	if cfg.Faults != nil {
		w.faults = *cfg.Faults
	}
	for i := range cfg.People {
		p := Person{Index: i}
		token := w.characterise(&p)
		w.identify(&p, token)
		if i < len(cfg.Zones) && cfg.Zones[i] != "" {
			p.settle(cfg.Zones[i])
		}
		if cfg.Stories {
			w.enact(&p)
		}
		w.people = append(w.people, p)
	}
	if cfg.Stories {
		w.stories = w.plot()
		for _, s := range w.stories {
			if s.Kind == StoryOutage {
				w.faults.Outages = append(slices.Clone(w.faults.Outages), Outage{s.From, s.To})
			}
		}
	}
	return w
}

// characterise makes someone of the i-th person, and reports whether they still
// have a token of the OAuth 1 era.
func (w *World) characterise(p *Person) (token bool) {
	switch p.Index {
	case 0:
		w.ada(p)
	case 1:
		w.ben(p)
		return true
	case 2:
		w.mira(p)
	default:
		return w.stranger(p)
	}
	return false
}

// People lists everyone.
func (w *World) People() []Person { return slices.Clone(w.people) }
