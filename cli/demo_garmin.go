package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// newcomers is how many people of a demo are not connected when it starts: they are
// there to go through Garmin's sign-in.
const newcomers = 3

// demoSecret is the client secret of a demo.
const demoSecret = "simulated-client-secret"

// demoGarmin is the simulated Garmin of a demo: a server on loopback whose world
// comes later, because Garner needs its address first.
type demoGarmin struct {
	listener net.Listener
	service  atomic.Pointer[service.Service]
}

func newDemoGarmin() (*demoGarmin, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the simulated Garmin: %w", err)
	}
	return &demoGarmin{listener: listener}, nil
}

func (g *demoGarmin) origin() string { return "http://" + g.listener.Addr().String() }

// configure makes it the Garmin of a configuration.
func (g *demoGarmin) configure(cfg *config.Garmin) {
	cfg.ClientID, cfg.ClientSecret = simulator.ClientID, demoSecret
	cfg.AuthorizeURL, cfg.TokenURL, cfg.APIOrigin = g.origin()+service.AuthorizePath, g.origin()+service.TokenPath,
		g.origin()
}

// ServeHTTP answers as Garmin once the world is made.
func (g *demoGarmin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s := g.service.Load(); s != nil {
		s.ServeHTTP(w, r)
		return
	}
	http.Error(w, "the simulated Garmin starts", http.StatusServiceUnavailable)
}

// serve answers until ctx ends.
func (g *demoGarmin) serve(ctx context.Context) error {
	srv := &http.Server{Handler: g, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() }) // nothing of it is to be kept
	defer stop()
	if err := srv.Serve(g.listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the simulated Garmin: %w", err)
	}
	return nil
}

// grantsFile keeps who is connected, so that the tokens of an earlier run still work.
func (d *demo) grantsFile() string { return filepath.Join(d.dir, "simulated-garmin.json") }

// connectTo makes the world the Garmin's, with the connections of an earlier run.
func (d *demo) connectTo(world *simulator.World, pusher *simulator.Pusher, since time.Time) (*service.Service, error) {
	s := service.New(world, service.Config{
		ClientID: simulator.ClientID, ClientSecret: demoSecret, Origin: d.garmin.origin(), Seed: d.seed, Since: since,
		Push:  pusher.Push,
		Files: world.ActivityFile,
	})
	text, err := os.ReadFile(d.grantsFile())
	if err == nil {
		err = s.Restore(text)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("connections of the simulated Garmin: %w", err)
	}
	d.garmin.service.Store(s)
	return s, nil
}

// saveAll writes down how far the demo is, and who is connected.
func (d *demo) saveAll(s *service.Service, state *demoState) error {
	text, err := s.Snapshot()
	if err != nil {
		return err
	}
	state.Through = s.Through()
	if err := state.save(d.dir); err != nil {
		return err
	}
	if err := os.WriteFile(d.grantsFile()+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(d.grantsFile()+".new", d.grantsFile())
}

// demoGrants are what the people of a demo share from the start. One of them left
// Historical data off, as many do.
func demoGrants(person int) []string {
	all := []string{service.ActivityExport, service.HealthExport, service.MCTExport}
	if person == 1 {
		return all
	}
	return append(all, service.HistoricalExport)
}

// connect connects a person that Garner knows, unless an earlier run has done so.
func (d *demo) connect(ctx context.Context, f *files, s *service.Service, person *db.Person, index int) error {
	_, err := f.store.ConnectionOf(ctx, person.ID)
	if !errors.Is(err, db.ErrNotFound) {
		return err
	}
	g := s.Connect(index, demoGrants(index)...)
	granted, _ := s.Permissions(index) // it was just connected
	_, err = f.store.AddConnection(ctx, time.Now(), person.ID, g.UserID, db.Tokens{Access: g.AccessToken,
		Refresh: g.RefreshToken, AccessEnds: g.AccessExpires, RefreshEnds: g.RefreshExpires}, granted)
	return err
}
