package health

// Source ranks where a version came from. A record keeps one current version of each
// source, and shows of each field and series the one of the first source that has it.
// Lower numbers come first. They are stored and never change their meaning.
type Source uint8

// The sources: what Garmin pushes, announces or sends on request; then the answers of the
// Personal API, each endpoint a source of its own, since several together describe one
// day; then imported files. Simulated data ranks as what it stands for.
const (
	Pushed        Source = 0
	FirstPersonal Source = 32
	LastPersonal  Source = 127
	Imported      Source = 160
)

// SourceOf is the source of versions that name none of their own.
func SourceOf(o Origin) Source {
	switch o {
	case Personal:
		return FirstPersonal
	case Import:
		return Imported
	}
	return Pushed
}
