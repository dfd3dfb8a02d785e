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
	"garner/health/history"
	"garner/query"
	"garner/ui/text"
)

type personCommand struct {
	Add    personAddCommand    `cmd:"" help:"Add a person."`
	List   personListCommand   `cmd:"" help:"List the people."`
	Invite personInviteCommand `cmd:"" help:"Print a link to connect to Garmin. It works once, for 7 days."`
	Key    personKeyCommand    `cmd:"" help:"Store or remove a person's key for Garmin's Personal API."`
	Erase  personEraseCommand  `cmd:"" help:"Erase a person and all their data, for good."`
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
	if db.IsPersonalID(strings.TrimSpace(c.GarminUserID)) {
		return errors.New("--garmin-user-id is not an id of Garmin's; a person with a key of their own needs none")
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
		q := &query.Reader{Viewer: query.Operator(), Store: f.store, Now: time.Now()}
		people, err := q.People(ctx)
		if err != nil {
			return err
		}
		connections, err := q.Connections(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printPeopleJSON(a.out, people, connections)
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tPAGE\tGARMIN USER ID\tCONNECTION")
		for _, p := range people {
			fmt.Fprintf(w, "%s\t/p/%s\t%s\t%s\n", p.Name, p.Slug, strings.Join(p.UserIDs, " "),
				connectionText(connections[p.ID]))
		}
		return w.Flush()
	})
}

// connectionText is the state of a connection, and until when an invitation works.
func connectionText(c *query.ConnectionDetail) string {
	words := string(c.State)
	switch {
	case c.Lacks(history.Permission) && c.Open():
		words += ", without historical data"
	case c.State == query.Disconnected:
		words += ": " + text.ConnectionCause(c.Consents[0].Cause)
	}
	if !c.Invited.IsZero() {
		words += ", invited until " + c.Invited.UTC().Format(time.DateOnly)
	}
	return words
}

func printPeopleJSON(out io.Writer, people []*db.Person, connections map[int64]*query.ConnectionDetail) error {
	type connection struct {
		State        query.ConnectionState `json:"state"`
		Since        *time.Time            `json:"since,omitempty"`
		Ended        *time.Time            `json:"ended,omitempty"`
		Reason       string                `json:"reason,omitempty"`
		Permissions  []string              `json:"permissions"`
		InvitedUntil *time.Time            `json:"invited_until,omitempty"`
	}
	type person struct {
		ID            int64      `json:"id"`
		Name          string     `json:"name"`
		Slug          string     `json:"slug"`
		GarminUserIDs []string   `json:"garmin_user_ids"`
		Created       time.Time  `json:"created"`
		Connection    connection `json:"connection"`
	}
	list := []person{}
	for _, p := range people {
		c := connections[p.ID]
		out := connection{State: c.State, Permissions: c.Granted(), InvitedUntil: known(c.Invited)}
		if len(c.Consents) > 0 {
			newest := c.Consents[0]
			out.Since, out.Ended, out.Reason = known(newest.Began), known(newest.Ended), text.ConnectionCause(newest.Cause)
		}
		list = append(list, person{p.ID, p.Name, p.Slug, append([]string{}, p.UserIDs...), p.Created.UTC(), out})
	}
	return json.NewEncoder(out).Encode(list)
}

// known is an instant in UTC; nil for none.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}
