package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"garner/config"
)

// release is set by the linker in release builds.
var release = ""

// version is the program's version.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "development " + s.Value[:12]
		}
	}
	return "development"
}

type versionCommand struct{}

// Run prints the version.
func (c *versionCommand) Run(a *app, _ config.Config) error {
	_, err := fmt.Fprintf(a.out, "garner %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
