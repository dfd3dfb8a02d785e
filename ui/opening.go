package ui

import (
	"strings"
	"unicode"

	"garner/health"
)

// opening is one sentence about all figures: which of them are as usual, then which are not.
// What rests on few values is only spoken of if nothing else can be compared. Whatever the
// others say, it is late if values of one figure have ended.
func opening(figures []Figure) (Status, string) {
	status, says, over := openingOf(figures)
	var ended []string
	for i := range figures {
		if f := figures[i].finding; f.ended != "" && !over {
			ended = append(ended, inSentence(f.title)+" "+f.ended)
		}
	}
	if len(ended) > 0 {
		status, says = Late, says+"; "+some(ended)
	}
	return status, says + "."
}

// openingOf is the sentence without its end, of the figures that have values; over means that
// the values of all have ended.
func openingOf(figures []Figure) (status Status, says string, over bool) {
	var well, few compared
	var some, old, unknown, all []string
	var until health.Day
	for i := range figures {
		f := figures[i].finding
		if f.some {
			some, until, all = append(some, f.title), max(until, f.until), append(all, f.says)
		}
		switch {
		case f.until != 0:
			old = append(old, f.title)
		case f.known && f.few:
			few.add(f)
		case f.known:
			well.add(f)
		case f.some && f.ranged:
			unknown = append(unknown, f.title)
		}
	}
	switch {
	case len(some) == 0:
		return NoData, "There is no value in these days", true
	case len(old) == len(some):
		return Late, "The newest values are of " + Date(until), true
	case well.any():
		return well.status(), capital(well.sentence()), false
	case few.any():
		return NoData, "By few values, " + few.sentence(), false
	case len(unknown) > 0:
		return NoData, "There is no usual range yet for " + listed(unknown), false
	}
	return NoData, all[0], false
}

// compared are the titles of figures by where they lie to their usual range.
type compared struct{ usual, above, below []string }

func (c *compared) add(f finding) {
	list := &c.usual
	switch {
	case f.compared > 0:
		list = &c.above
	case f.compared < 0:
		list = &c.below
	}
	*list = append(*list, f.title)
}

func (c *compared) any() bool { return len(c.usual)+len(c.above)+len(c.below) > 0 }

func (c *compared) status() Status {
	if len(c.above)+len(c.below) > 0 {
		return Running
	}
	return OK
}

func (c *compared) sentence() string {
	return strings.Join(clauses(c.usual, c.above, c.below), "; ")
}

// clauses say of each list where it lies. The usual range is named once.
func clauses(usual, above, below []string) (out []string) {
	if len(usual) > 0 {
		out = append(out, listed(usual)+" "+are(usual)+" as usual")
	}
	for _, c := range []struct {
		titles []string
		where  string
	}{{above, "above"}, {below, "below"}} {
		if len(c.titles) == 0 {
			continue
		}
		s := listed(c.titles) + " " + are(c.titles) + " " + c.where
		if len(out) == 0 {
			s += " your usual range"
		}
		out = append(out, s)
	}
	return out
}

// listed names some figures within a sentence: "resting heart rate, HRV and steps".
func listed(titles []string) string {
	words := make([]string, len(titles))
	for i, title := range titles {
		words[i] = inSentence(title)
	}
	return some(words)
}

// are is the verb that goes with some titles.
func are(titles []string) string {
	if len(titles) == 1 {
		return isOrAre(titles[0])
	}
	return "are"
}

// isOrAre goes with a title, wasOrWere with what is over.
func isOrAre(title string) string { return verbOf(title, "is", "are") }

func wasOrWere(title string) string { return verbOf(title, "was", "were") }

// verbOf takes a last word such as steps for more than one thing, and stress for one.
func verbOf(title, one, many string) string {
	if strings.HasSuffix(title, "s") && !strings.HasSuffix(title, "ss") {
		return many
	}
	return one
}

// inSentence is a title within a sentence. Names such as HRV and Body Battery keep their
// capitals.
func inSentence(title string) string {
	runes := []rune(title)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) || i == 1 && !unicode.IsLower(r) {
			return title
		}
	}
	return strings.ToLower(string(runes[:min(1, len(runes))])) + string(runes[min(1, len(runes)):])
}

// capital begins a sentence.
func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return string(unicode.ToUpper(r[0])) + string(r[1:])
}
