package health

// Metric is a named number with a unit that a record yields or that a stated
// rule derives.
type Metric struct {
	// Name is snake_case without the unit, such as resting_heart_rate.
	Name  string
	Label string
	Unit  Unit
	// Height means that a length is an ascent or an elevation: it is shown in
	// meters or feet, however large it is.
	Height bool
	// Delta means that the number is a difference, as of temperatures: -0.5 °C
	// is -0.9 °F.
	Delta bool
	// Rule states in one sentence how a metric is derived; empty for those that
	// Garmin sends.
	Rule string
	// Fold makes one number of a day's several records.
	Fold Fold
	// Decimals is the precision that people expect to see.
	Decimals int
}

// Reading is one value of a metric.
type Reading struct {
	Metric string
	// Type is the callback key of the record's type, as the store gives it;
	// empty for metrics derived across records.
	Type string
	Day  Day
	// At is the start of what the value describes, in unix seconds, 0 if
	// the value belongs to the day as a whole.
	At    int64
	Value float64
}

// Unit is the unit of a stored value, always as Garmin sends it (metric).
// Its text is also the suffix of column names, empty for counts and words.
type Unit string

// The units in use.
const (
	None           Unit = ""
	BPM            Unit = "bpm"
	Millisecond    Unit = "ms"
	Second         Unit = "s"
	Meter          Unit = "m"
	MeterPerSecond Unit = "mps"
	MinutePerKM    Unit = "min_per_km"
	MinutePer100M  Unit = "min_per_100m"
	Gram           Unit = "g"
	Kilocalorie    Unit = "kcal"
	Percent        Unit = "pct"
	Celsius        Unit = "c"
	BreathsPerMin  Unit = "brpm"
	MMHG           Unit = "mmhg"
	VO2Max         Unit = "ml_per_kg_min"
	Degree         Unit = "deg"
	StepsPerMin    Unit = "spm"
	RoundsPerMin   Unit = "rpm"
	StrokesPerMin  Unit = "strokes_per_min"
	PushesPerMin   Unit = "pushes_per_min"
	Watt           Unit = "w"
	Year           Unit = "years"
	Days           Unit = "days"
	MET            Unit = "met"
	MilligramPerDL Unit = "mg_per_dl"
	Centimeter     Unit = "cm"
	Milliliter     Unit = "ml"
	Minute         Unit = "min"
)
