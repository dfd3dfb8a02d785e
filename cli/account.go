package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"garner/config"
	"garner/db"
	"garner/server/auth"
)

type accountCommand struct {
	Add      accountAddCommand      `cmd:"" help:"Add an account."`
	List     accountListCommand     `cmd:"" help:"List the accounts."`
	Password accountPasswordCommand `cmd:"" help:"Set the password of an account, and end its sessions."`
	Link     accountLinkCommand     `cmd:"" help:"Print a link to choose a password. It works once, for 24 hours."`
	Disable  accountDisableCommand  `cmd:"" help:"Disable an account, and end its sessions."`
	Enable   accountEnableCommand   `cmd:"" help:"Enable a disabled account."`
}

// accountLinkLasts is how long a link to choose a password works.
const accountLinkLasts = 24 * time.Hour

type accountAddCommand struct {
	Name     string `required:"" placeholder:"NAME" help:"Name to sign in with. Names are unique."`
	Role     string `required:"" placeholder:"ROLE" enum:"admin,member" help:"admin or member."`
	Person   string `placeholder:"NAME" help:"The account's own person."`
	Password bool   `name:"password-stdin" help:"Read the password from standard input."`
}

// Validate refuses an empty name.
func (c *accountAddCommand) Validate() error { return needsName(c.Name) }

func needsName(name string) error {
	if strings.TrimSpace(name) == "" {
		return errors.New("needs --name")
	}
	return nil
}

// Run adds an account.
func (c *accountAddCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	hash := ""
	if c.Password {
		var err error
		if hash, err = readPassword(ctx, a.in, c.Name); err != nil {
			return err
		}
	}
	return withFiles(ctx, a, cfg, func(f *view) error {
		account := db.Account{Name: c.Name, Role: db.Role(c.Role)}
		if c.Person != "" {
			p, err := f.store.PersonByName(ctx, c.Person)
			if errors.Is(err, db.ErrNotFound) {
				return fmt.Errorf("no person is called %q; see garner person list", c.Person)
			}
			if err != nil {
				return err
			}
			account.Person = p.ID
		}
		added, err := f.store.AddAccount(ctx, time.Now(), account, hash)
		switch {
		case errors.Is(err, db.ErrLinked):
			return fmt.Errorf("%s has an account already; see garner account list", c.Person)
		case errors.Is(err, db.ErrTaken):
			return fmt.Errorf("the name %q is already taken", c.Name)
		case err != nil:
			return err
		}
		fmt.Fprintf(a.out, "added %s, %s\n", added.Name, added.Role)
		if hash == "" {
			fmt.Fprintf(a.out, "it has no password yet: garner account link --name %q prints a link to choose one\n", added.Name)
		}
		return byOperator(ctx, f, db.ActionAccountAdded, added.Name+", "+c.Role)
	})
}

// byOperator records what a command did.
func byOperator(ctx context.Context, f *view, action db.Action, detail string) error {
	return f.store.AddAudit(ctx, db.AuditEntry{At: time.Now(), Actor: "command line", Action: action, Detail: detail})
}

// readPassword reads the password of an account, and returns its hash.
func readPassword(ctx context.Context, in io.Reader, name string) (hash string, err error) {
	text, err := io.ReadAll(io.LimitReader(in, 1<<16))
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	password := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if password == "" {
		return "", errors.New("no password on standard input")
	}
	if err := auth.CheckPassword(password, name); err != nil {
		return "", err
	}
	return auth.NewHasher().Hash(ctx, password)
}

type accountListCommand struct {
	JSON bool `help:"Print the list as JSON."`
}

// Run lists the accounts.
func (c *accountListCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return toRead(ctx, a, cfg, func(f *view) error {
		accounts, err := f.store.Accounts(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printAccountsJSON(a.out, accounts)
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tROLE\tPERSON\tSTATE")
		for _, account := range accounts {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", account.Name, account.Role, account.Slug, stateOf(account))
		}
		return w.Flush()
	})
}

func stateOf(a *db.Account) string {
	switch {
	case a.Disabled:
		return "disabled"
	case !a.HasPassword:
		return "no password yet"
	default:
		return "active"
	}
}

func printAccountsJSON(out io.Writer, accounts []*db.Account) error {
	type account struct {
		Name     string    `json:"name"`
		Role     db.Role   `json:"role"`
		Person   string    `json:"person"`
		Disabled bool      `json:"disabled"`
		Created  time.Time `json:"created"`
	}
	list := []account{}
	for _, a := range accounts {
		list = append(list, account{a.Name, a.Role, a.Slug, a.Disabled, a.Created.UTC()})
	}
	return json.NewEncoder(out).Encode(list)
}

type accountPasswordCommand struct {
	Name     string `required:"" placeholder:"NAME" help:"Name of the account."`
	Password bool   `name:"password-stdin" required:"" help:"Read the password from standard input."`
}

// Run sets the password of an account.
func (c *accountPasswordCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	hash, err := readPassword(ctx, a.in, c.Name)
	if err != nil {
		return err
	}
	return withAccount(ctx, a, cfg, c.Name, func(f *view, account *db.Account) error {
		if err := f.store.SetPassword(ctx, time.Now(), account.ID, hash); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s has a new password; all sessions have ended\n", account.Name)
		return byOperator(ctx, f, db.ActionPasswordChanged, account.Name)
	})
}

// withAccount runs a command that changes one account.
func withAccount(ctx context.Context, a *app, cfg config.Config, name string, do func(*view, *db.Account) error) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		account, err := f.store.AccountByName(ctx, name)
		if errors.Is(err, db.ErrNotFound) {
			return fmt.Errorf("no account is called %q; see garner account list", name)
		}
		if err != nil {
			return err
		}
		return do(f, account)
	})
}

// newAccountLink makes a link with which an account chooses its password.
func newAccountLink(ctx context.Context, store *db.Store, cfg config.Config, account *db.Account) (string, error) {
	now := time.Now()
	token, _, err := auth.NewPasswordLink(ctx, store, now, account.ID, account.HasPassword, now.Add(accountLinkLasts))
	return auth.LinkURL(baseURL(cfg), token), err
}

type accountLinkCommand struct {
	Name string `required:"" placeholder:"NAME" help:"Name of the account."`
}

// Run prints a link to choose a password.
func (c *accountLinkCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	cfg, _ = withSettings(ctx, a, cfg) // what is wrong with them, check says
	return withAccount(ctx, a, cfg, c.Name, func(f *view, account *db.Account) error {
		if account.Disabled {
			return fmt.Errorf("%s is disabled; enable it with garner account enable", account.Name)
		}
		link, err := newAccountLink(ctx, f.store, cfg, account)
		if err != nil {
			return err
		}
		fmt.Fprintln(a.out, link)
		return byOperator(ctx, f, db.ActionLinkCreated, account.Name)
	})
}

type accountDisableCommand struct {
	Name string `required:"" placeholder:"NAME" help:"Name of the account."`
}

// Run disables an account.
func (c *accountDisableCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return setDisabled(ctx, a, cfg, c.Name, true)
}

type accountEnableCommand struct {
	Name string `required:"" placeholder:"NAME" help:"Name of the account."`
}

// Run enables an account.
func (c *accountEnableCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return setDisabled(ctx, a, cfg, c.Name, false)
}

func setDisabled(ctx context.Context, a *app, cfg config.Config, name string, disabled bool) error {
	word := "enabled"
	if disabled {
		word = "disabled"
	}
	return withAccount(ctx, a, cfg, name, func(f *view, account *db.Account) error {
		err := f.store.SetDisabled(ctx, account.ID, disabled)
		if errors.Is(err, db.ErrLastAdmin) {
			return fmt.Errorf("%s is the last admin and cannot be disabled; add another admin first", account.Name)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s is %s\n", account.Name, word)
		return byOperator(ctx, f, db.ActionAccountChanged, account.Name+", "+word)
	})
}
