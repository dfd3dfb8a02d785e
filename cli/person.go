package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"garner/config"
	"garner/db"
)

type personCommand struct {
	Add   personAddCommand   `cmd:"" help:"Add a person."`
	List  personListCommand  `cmd:"" help:"List the people."`
	Erase personEraseCommand `cmd:"" help:"Erase a person and all their data, for good."`
}

type personAddCommand struct {
	Name         string `required:"" placeholder:"NAME" help:"Name of the person. Names are unique."`
	GarminUserID string `placeholder:"ID" help:"Garmin's user id for the person, as in the data it sends."`
	Token        bool   `name:"garmin-access-token-stdin" help:"Read the OAuth 1 access token from standard input."`
}

// Validate refuses invalid names and ids.
func (c *personAddCommand) Validate() error {
	if err := needsName(c.Name); err != nil {
		return err
	}
	if strings.ContainsFunc(strings.TrimSpace(c.GarminUserID), unicode.IsSpace) {
		return fmt.Errorf("%q is not a Garmin user id", c.GarminUserID)
	}
	return nil
}

// Run adds a person.
func (c *personAddCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	var token string
	if c.Token {
		var err error
		if token, err = readToken(a.in); err != nil {
			return err
		}
	}
	return withFiles(ctx, a, cfg, func(f *view) error {
		p, err := f.store.AddPerson(ctx, time.Now(), c.Name, strings.TrimSpace(c.GarminUserID), token)
		switch {
		case errors.Is(err, db.ErrLinked):
			return errors.New("this Garmin account is already linked to a person; see garner person list")
		case errors.Is(err, db.ErrTaken):
			return fmt.Errorf("the name %q is already taken", c.Name)
		case err != nil:
			return err
		}
		fmt.Fprintf(a.out, "added %s, page /p/%s\n", p.Name, p.Slug)
		return nil
	})
}

func readToken(in io.Reader) (string, error) {
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the token: %w", err)
	}
	token := strings.TrimSpace(line)
	if token == "" {
		return "", errors.New("no token on standard input")
	}
	return token, nil
}

type personListCommand struct {
	JSON bool `help:"Print the list as JSON."`
}

// Run lists the people.
func (c *personListCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return toRead(ctx, a, cfg, func(f *view) error {
		people, err := f.store.People(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printPeopleJSON(a.out, people)
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tPAGE\tGARMIN USER ID")
		for _, p := range people {
			fmt.Fprintf(w, "%s\t/p/%s\t%s\n", p.Name, p.Slug, strings.Join(p.UserIDs, " "))
		}
		return w.Flush()
	})
}

func printPeopleJSON(out io.Writer, people []*db.Person) error {
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
	return json.NewEncoder(out).Encode(list)
}
