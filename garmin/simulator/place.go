package simulator

import "math"

// place is a town with parks to run in.
type place struct {
	name  string
	parks [3]park
}

// park is where an invented loop lies: near its centre, so wide, so high.
type park struct{ lat, lon, radius, height float64 }

// places holds a public park or three per zone.
var places = map[string]place{
	"Europe/Berlin": {"Berlin", [3]park{{52.4731, 13.4030, 900, 48}, {52.5145, 13.3501, 800, 35},
		{52.4765, 13.2265, 1300, 52}}},
	"Europe/London": {"London", [3]park{{51.5073, -0.1657, 700, 25}, {51.5313, -0.1570, 600, 38},
		{51.4425, -0.2740, 1500, 40}}},
	"Europe/Lisbon": {"Lisbon", [3]park{{38.7292, -9.1846, 900, 120}, {38.7260, -9.1520, 350, 80},
		{38.7680, -9.0940, 700, 6}}},
	"America/New_York": {"New York", [3]park{{40.7812, -73.9665, 1100, 32}, {40.6602, -73.9690, 700, 41},
		{40.8975, -73.8860, 1000, 28}}},
	"America/Chicago": {"Chicago", [3]park{{41.9214, -87.6351, 600, 180}, {41.7830, -87.5803, 600, 181},
		{41.9027, -87.7010, 500, 182}}},
	"America/Denver": {"Denver", [3]park{{39.6990, -104.9710, 600, 1620}, {39.7475, -104.9490, 550, 1612},
		{39.6350, -104.8500, 1800, 1700}}},
	"America/Los_Angeles": {"Los Angeles", [3]park{{34.1365, -118.2940, 1200, 260}, {34.0745, -118.2606, 350, 118},
		{34.1390, -118.3550, 500, 180}}},
	"America/St_Johns": {"St. John's", [3]park{{47.5790, -52.7060, 500, 30}, {47.5780, -52.7340, 500, 60},
		{47.5220, -52.7900, 700, 150}}},
	"America/Sao_Paulo": {"São Paulo", [3]park{{-23.5874, -46.6576, 600, 740}, {-23.5270, -46.6660, 350, 730},
		{-23.5490, -46.7210, 700, 725}}},
	"Asia/Kolkata": {"Bengaluru", [3]park{{12.9763, 77.5929, 500, 915}, {12.9507, 77.5848, 500, 905},
		{12.9310, 77.5640, 250, 900}}},
	"Asia/Tokyo": {"Tokyo", [3]park{{35.6717, 139.6949, 500, 38}, {35.6852, 139.7528, 800, 20},
		{35.7150, 139.7730, 400, 15}}},
	"Asia/Kathmandu": {"Kathmandu", [3]park{{27.7090, 85.3150, 250, 1305}, {27.7410, 85.3370, 300, 1330},
		{27.6710, 85.3240, 250, 1310}}},
	"Australia/Adelaide": {"Adelaide", [3]park{{-34.9170, 138.6120, 450, 45}, {-34.9370, 138.5870, 500, 40},
		{-34.9080, 138.5950, 500, 43}}},
	"Pacific/Auckland": {"Auckland", [3]park{{-36.8601, 174.7766, 450, 75}, {-36.9000, 174.7830, 500, 90},
		{-36.8960, 174.8360, 400, 20}}},
}

// settle moves a person to a zone, for good.
func (p *Person) settle(name string) {
	p.Zone = zone(name)
	if _, ok := places[name]; !ok {
		p.week = nil
	}
}

// loop is a closed invented route around a park's centre: a circle bent by two
// waves, with hills that close as well.
type loop struct {
	park
	key    uint64
	length float64
	along  [361]float64 // metres from the start to every degree
}

// newLoop draws the route of a key, about wide times the park's radius.
func newLoop(p park, key uint64, wide float64) *loop {
	l := &loop{park: p, key: key}
	l.radius *= wide
	x, y := l.point(0)
	for i := 1; i <= 360; i++ {
		nx, ny := l.point(float64(i))
		l.along[i] = l.along[i-1] + math.Hypot(nx-x, ny-y)
		x, y = nx, ny
	}
	l.length = l.along[360]
	return l
}

// point is the route at an angle in degrees, in metres east and north.
func (l *loop) point(degrees float64) (east, north float64) {
	a := degrees * math.Pi / 180
	r := l.radius * (1 + 0.18*math.Sin(2*a+6*unit(l.key)) + 0.1*math.Sin(3*a+6*unit(l.key+1)))
	return 1.25 * r * math.Cos(a), 0.85 * r * math.Sin(a)
}

// height is the elevation at an angle.
func (l *loop) heightAt(degrees, hills float64) float64 {
	a := degrees * math.Pi / 180
	return l.height + hills*(math.Sin(a+6*unit(l.key+2))+0.4*math.Sin(4*a))
}

// walker follows a loop; it remembers the last degree, since the way on is
// always near it.
type walker struct {
	*loop
	degree int
}

// angle is the angle after so many metres.
func (k *walker) angle(metres float64) float64 {
	m := math.Mod(metres, k.length)
	if m < k.along[k.degree] {
		k.degree = 0
	}
	for k.along[k.degree+1] < m {
		k.degree++
	}
	step := k.along[k.degree+1] - k.along[k.degree]
	return float64(k.degree) + (m-k.along[k.degree])/step
}

// semicircles is the angle as devices count it, 2^31 to half a turn.
func semicircles(degrees float64) int32 { return int32(math.Round(degrees / 180 * (1 << 31))) }
