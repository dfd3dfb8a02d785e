package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"garner/config"
	"garner/db"
	"garner/server/auth"
)

type tokenCommand struct {
	Add    tokenAddCommand    `cmd:"" help:"Make a token for a program that reads the API, and print it once."`
	List   tokenListCommand   `cmd:"" help:"List the tokens."`
	Remove tokenRemoveCommand `cmd:"" help:"Remove a token: it no longer works."`
}

type tokenAddCommand struct {
	Name    string   `required:"" placeholder:"NAME" help:"Name of the token, such as that of the program."`
	Person  string   `placeholder:"NAME" help:"The one person to read. Default: everyone."`
	Scope   []string `placeholder:"SCOPE" default:"read" enum:"read,status,metrics" help:"read, status or metrics."`
	Expires string   `placeholder:"DATE" help:"Last day on which it works, in UTC. Default: until it is removed."`

	expires time.Time
}

// Validate refuses an empty name, a day that is over, and metrics of one person.
func (c *tokenAddCommand) Validate() error {
	if err := needsName(c.Name); err != nil {
		return err
	}
	if c.Person != "" && slices.Contains(c.Scope, string(auth.ScopeMetrics)) {
		return errors.New("metrics are about the whole installation and need a token without --person")
	}
	if c.Expires == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, c.Expires)
	if err != nil {
		return fmt.Errorf("--expires: %q is not a date such as 2027-12-31", c.Expires)
	}
	if c.expires = day.AddDate(0, 0, 1); !c.expires.After(time.Now()) {
		return fmt.Errorf("--expires: %s is over", c.Expires)
	}
	return nil
}

// Run makes a token.
func (c *tokenAddCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		now := time.Now()
		k := db.APIToken{Name: c.Name, Scopes: slices.Compact(slices.Sorted(slices.Values(c.Scope))), Created: now,
			Expires: c.expires}
		if c.Person != "" {
			p, err := f.store.PersonByName(ctx, c.Person)
			if errors.Is(err, db.ErrNotFound) {
				return fmt.Errorf("no person is called %q; see garner person list", c.Person)
			}
			if err != nil {
				return err
			}
			k.Person, k.PersonName = p.ID, p.Name
		}
		token, _, err := auth.NewAPIToken(ctx, f.store, k)
		if errors.Is(err, db.ErrTaken) {
			return fmt.Errorf("a token of the command line has the name %q; see garner token list", c.Name)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s: %s of %s, %s\n", c.Name, strings.Join(k.Scopes, " and "), readBy(&k), lasts(&k))
		fmt.Fprintln(a.out, "The token is shown this one time. Programs send it as Authorization: Bearer TOKEN.")
		fmt.Fprintln(a.out, token)
		return f.store.AddAudit(ctx, db.AuditEntry{At: now, Actor: "command line", Person: k.Person,
			Action: db.ActionTokenAdded, Detail: c.Name + ", " + strings.Join(k.Scopes, " ")})
	})
}

// readBy is whom a token reads.
func readBy(k *db.APIToken) string {
	switch {
	case k.Person != 0:
		return k.PersonName
	case k.Account != 0:
		return "whom the account reads"
	}
	return "everyone"
}

// lasts is until when a token works.
func lasts(k *db.APIToken) string {
	if k.Expires.IsZero() {
		return "until it is removed"
	}
	return "until " + k.Expires.UTC().Format(time.RFC3339)
}

// Help says what each scope allows.
func (c *tokenAddCommand) Help() string {
	return `Scopes, of which a token may have several:
  read     values of people, and whether their data arrives. The default
  status   whether data arrives: people, coverage and incidents, no values
  metrics  /metrics of Prometheus, from other machines`
}

type tokenListCommand struct {
	JSON bool `help:"Print the list as JSON."`
}

// Run lists the tokens.
func (c *tokenListCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return toRead(ctx, a, cfg, func(f *view) error {
		tokens, err := f.store.APITokens(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printTokensJSON(a.out, tokens)
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tMADE BY\tSCOPES\tREADS\tCREATED\tLAST USED\tEXPIRES")
		for _, k := range tokens {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, cmp.Or(k.AccountName, "command line"),
				strings.Join(k.Scopes, " "), readBy(&k), stampOr(k.Created, ""), stampOr(k.Used, "never"),
				stampOr(k.Expires, "never"))
		}
		return w.Flush()
	})
}

func printTokensJSON(out io.Writer, tokens []db.APIToken) error {
	type token struct {
		ID      int64      `json:"id"`
		Name    string     `json:"name"`
		Account string     `json:"account,omitempty"`
		Person  string     `json:"person,omitempty"`
		Scopes  []string   `json:"scopes"`
		Created time.Time  `json:"created"`
		Used    *time.Time `json:"used,omitempty"`
		Expires *time.Time `json:"expires,omitempty"`
	}
	list := []token{}
	for _, k := range tokens {
		list = append(list, token{k.ID, k.Name, k.AccountName, k.PersonName, k.Scopes, k.Created.UTC(), known(k.Used),
			known(k.Expires)})
	}
	return json.NewEncoder(out).Encode(list)
}

type tokenRemoveCommand struct {
	Name string `required:"" placeholder:"NAME" help:"Name of the token."`
	ID   int64  `placeholder:"ID" help:"Its id, where tokens of several accounts have the name."`
}

// Run removes a token.
func (c *tokenRemoveCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		tokens, err := f.store.APITokens(ctx)
		if err != nil {
			return err
		}
		tokens = slices.DeleteFunc(tokens, func(k db.APIToken) bool {
			return k.Name != strings.TrimSpace(c.Name) || c.ID != 0 && k.ID != c.ID
		})
		switch {
		case len(tokens) == 0:
			return fmt.Errorf("there is no such token: %q; see garner token list", c.Name)
		case len(tokens) > 1:
			return fmt.Errorf("%d tokens are called %q; add --id, see garner token list", len(tokens), c.Name)
		}
		k := tokens[0]
		if err := f.store.RemoveAPIToken(ctx, k.ID); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s no longer works\n", k.Name)
		return f.store.AddAudit(ctx, db.AuditEntry{At: time.Now(), Actor: "command line", Person: k.Person,
			Action: db.ActionTokenRemoved, Detail: k.Name})
	})
}
