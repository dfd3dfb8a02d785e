package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"garner/config"
	"garner/db"
)

func personAddCommand(fs *flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	name := fs.String("name", "", "")
	userID := fs.String("garmin-user-id", "", "")
	token := fs.Bool("garmin-access-token-stdin", false, "")
	return func(ctx context.Context, a *app, cfg config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		if strings.TrimSpace(*name) == "" {
			return usagef("person add needs --name")
		}
		id := strings.TrimSpace(*userID)
		if strings.ContainsFunc(id, unicode.IsSpace) {
			return usagef("%q is no Garmin user id", id)
		}
		var secret string
		if *token {
			line, err := bufio.NewReader(a.in).ReadString('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("read the token: %w", err)
			}
			if secret = strings.TrimSpace(line); secret == "" {
				return errors.New("no token on standard input")
			}
		}
		return withFiles(ctx, a, cfg, func(f *view) error {
			p, err := f.store.AddPerson(ctx, time.Now(), *name, id, secret)
			if errors.Is(err, db.ErrTaken) {
				return fmt.Errorf("somebody has that name or that Garmin account already: %s", firstLine(err))
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "added %s, page /p/%s\n", p.Name, p.Slug)
			return nil
		})
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func personListCommand(fs *flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	asJSON := fs.Bool("json", false, "")
	return func(ctx context.Context, a *app, cfg config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		return withFiles(ctx, a, cfg, func(f *view) error {
			people, err := f.store.People(ctx)
			if err != nil {
				return err
			}
			if *asJSON {
				type person struct {
					ID            int64     `json:"id"`
					Name          string    `json:"name"`
					Slug          string    `json:"slug"`
					GarminUserIDs []string  `json:"garmin_user_ids"`
					Created       time.Time `json:"created"`
				}
				list := []person{}
				for _, p := range people {
					list = append(list, person{p.ID, p.Name, p.Slug, append([]string{}, p.UserIDs...), p.Created.UTC()})
				}
				return json.NewEncoder(a.out).Encode(list)
			}
			w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "NAME\tPAGE\tGARMIN USER ID")
			for _, p := range people {
				fmt.Fprintf(w, "%s\t/p/%s\t%s\n", p.Name, p.Slug, strings.Join(p.UserIDs, " "))
			}
			return w.Flush()
		})
	}
}
