// The program serves PocketBase's record API over a collection of bodies, for
// the figures. It has a module of its own, so that Garner's has none of this.
package main

import (
	"log"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The arguments are the address and the folder of the data.
func main() {
	app := pocketbase.NewWithConfig(pocketbase.Config{
		DefaultDataDir: os.Args[2], HideStartBanner: true, DBConnect: synced,
	})
	if err := run(app, os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(app *pocketbase.PocketBase, addr string) error {
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	deliveries := core.NewBaseCollection("deliveries")
	deliveries.CreateRule = types.Pointer("") // without sign-in
	deliveries.Fields.Add(&core.JSONField{Name: "body", MaxSize: 1 << 20})
	if err := app.Save(deliveries); err != nil {
		return err
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil // it opens a browser
		return e.Next()
	})
	return apis.Serve(app, apis.ServeConfig{HttpAddr: addr})
}

// synced is how PocketBase opens its databases, but that a commit is on disk.
func synced(path string) (*dbx.DB, error) {
	return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"+
		"&_pragma=journal_size_limit(200000000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)"+
		"&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}
