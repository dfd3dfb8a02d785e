package cli

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"text/tabwriter"
	"time"

	"garner/config"
	"garner/garmin"
)

// release is set by the linker in release builds.
var release = ""

// version names the program's version.
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

func versionCommand(*flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	return func(_ context.Context, a *app, _ config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "garner %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return nil
	}
}

func typesCommand(fs *flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	asJSON := fs.Bool("json", false, "")
	return func(_ context.Context, a *app, _ config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(a.out).Encode(garmin.Dictionary())
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "TYPE\tTITLE\tFIELDS\tTABLES\tSERIES\tPERMISSION")
		for _, e := range garmin.Dictionary() {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%s\n", e.Type, e.Title, len(e.Fields), len(e.Tables), len(e.Series), e.Permission)
		}
		return w.Flush()
	}
}

func urlsCommand(*flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	return func(_ context.Context, a *app, cfg config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		if err := checkOwnerIfThere(cfg.DataDir, a.logger(cfg)); err != nil {
			return err
		}
		secret, err := callbackSecret(cfg)
		if err != nil {
			return err
		}
		keys, urls := callbackURLs(cfg, secret)
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		for i := range keys {
			fmt.Fprintf(w, "%s\t%s\n", keys[i], urls[i])
		}
		if cfg.PublicURL == "" {
			fmt.Fprintln(a.err, "public_url is not set: Garmin cannot reach these addresses, which are for this machine only")
		}
		return w.Flush()
	}
}

func healthcheckCommand(*flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	return func(ctx context.Context, a *app, cfg config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{Proxy: nil}}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+cfg.Listen+"/healthz", nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		if err := resp.Body.Close(); err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("answered %s", resp.Status)
		}
		fmt.Fprintln(a.out, "ok")
		return nil
	}
}
