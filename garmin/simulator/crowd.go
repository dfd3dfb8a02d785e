package simulator

import (
	"fmt"
	"time"
)

var firstNames = [...]string{
	"Aino", "Amara", "Anselm", "Bao", "Birgit", "Bruno", "Carys", "Chidi", "Dagny", "Dilan",
	"Edda", "Emeka", "Esra", "Farid", "Freya", "Gael", "Greta", "Hana", "Ilse", "Imran",
	"Jonas", "Jun", "Kaya", "Keanu", "Lea", "Luca", "Maeve", "Malik", "Nadia", "Nils",
	"Odile", "Orla", "Petra", "Quentin", "Rosa", "Samir", "Tove", "Uma", "Viggo", "Zoë",
}

var lastNames = [...]string{
	"Abelson", "Adeyemi", "Arnoult", "Baumgart", "Björk", "Castellan", "Cho", "Dahlberg", "Demir", "Dubois",
	"Eriksen", "Esposito", "Fairweather", "Ferreira", "Grönholm", "Haddad", "Halloran", "Ito", "Jankowski", "Kaplan",
	"Kowalczyk", "Lacroix", "Larkspur", "Mbeki", "Meadows", "Moreau", "Müllerin", "Nakagawa", "Novak", "O'Dwyer",
	"Okonkwo", "Pasternak", "Pereira", "Quist", "Rahimi", "Rosewood", "Sandoval", "Sato", "Silberman", "Sørby",
	"Takeda", "Thornbury", "Tkachenko", "Underhill", "Varga", "Vesterholt", "Wanjiru", "Whitlock", "Yilmaz", "Zamora",
}

// homes are where the crowd lives; offsets of half and quarter hours included.
var homes = [...]string{
	"Europe/Berlin", "Europe/London", "Europe/Lisbon", "America/New_York", "America/Chicago",
	"America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Tokyo",
	"Asia/Kathmandu", "Australia/Adelaide", "Pacific/Auckland",
}

var watches = [...]string{
	"Forerunner 265", "fēnix 7 Pro", "Venu 3", "vívoactive 5", "Instinct 2", "epix Gen 2", "vívosmart 5", "Lily 2",
}

// stranger draws someone at random and reports whether they still have a token.
func (w *World) stranger(p *Person) (token bool) {
	r := w.stream(p.Index, forPerson, 0)
	i := p.Index - 3
	names := len(firstNames) * len(lastNames)
	p.Name = firstNames[i%len(firstNames)] + " " + lastNames[(i/len(firstNames)+i*7)%len(lastNames)]
	if i >= names {
		p.Name = fmt.Sprintf("%s %d", p.Name, i/names+1)
	}
	p.Zone = zone(homes[r.IntN(len(homes))])
	p.Imperial = r.Float64() < 0.2
	p.Devices = []string{watches[r.IntN(len(watches))]}
	if r.Float64() < 0.1 {
		p.Devices = append(p.Devices, "Edge 540")
	}
	p.age = 18 + r.IntN(55)
	p.height = between(r, 1.55, 1.95)
	p.weight = p.height * p.height * between(r, 20, 29)
	p.rest, p.peak = between(r, 46, 72), 208-0.7*float64(p.age)
	p.hrv, p.breaths = between(r, 25, 80), between(r, 12.5, 16.5)
	p.vo2, p.tension = between(r, 30, 56), between(r, 22, 42)
	p.oximeter, p.skin = r.Float64() < 0.7, r.Float64() < 0.4
	p.pressure, p.menstrual = r.Float64() < 0.08, r.Float64() < 0.2
	p.bed, p.wake = -100+r.IntN(130), 340+r.IntN(120)
	p.bounce = between(r, 0.6, 1.4)
	p.nightsOff, p.hoursOff = between(r, 0, 0.15), between(r, 0.02, 0.25)
	p.scale = r.Float64() < 0.3
	p.splits = between(r, 0, 0.05)
	p.week = someWeek(r.IntN)
	return r.Float64() < 0.05
}

// someWeek draws none to four habits on different days.
func someWeek(draw func(int) int) []habit {
	choices := [...]*sport{run, run, walk, strength, trainer, yoga, intervals}
	var week []habit
	for day := time.Sunday; day <= time.Saturday; day++ {
		if draw(10) < 4 {
			kind := choices[draw(len(choices))]
			week = append(week, habit{day, kind, 1020 + draw(80), 25, 35 + float64(draw(25)), 0.65, 0.6})
		}
	}
	return week
}
