package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

const (
	headerTimeout   = 10 * time.Second
	shutdownTimeout = time.Second
)

// Options are where the demo listens, all on loopback, and whom it calls.
type Options struct {
	Vidaoo     net.Listener // the fake Vidaoo
	Site       net.Listener // the website with the button
	ReceiveURL string
	Logger     *slog.Logger
}

// Run serves until the context ends or a listener fails.
func Run(ctx context.Context, o Options) error {
	key := rand.Text()
	fake := vidaootest.New(vidaootest.Options{Key: key})
	defer fake.Close()
	client, err := vidaoo.NewClient(vidaoo.Config{
		Settings: vidaoo.Settings{vidaoo.SettingBaseURL: "http://" + o.Vidaoo.Addr().String() + "/api/v1"}, Key: vidaoo.Key(key),
	})
	if err != nil {
		return fmt.Errorf("start the demo: %w", err)
	}
	defer client.Close()
	vidaooServer := &http.Server{Handler: fake.Handler(), ReadHeaderTimeout: headerTimeout}
	siteServer := &http.Server{Handler: newSite(client, o.Logger), ReadHeaderTimeout: headerTimeout}
	failed := make(chan error, 2)
	go func() { failed <- vidaooServer.Serve(o.Vidaoo) }()
	// The button works when its webhooks have a place to go to.
	_, err = client.CreateAutomation(ctx, client.NewAutomation("demo", o.ReceiveURL))
	switch {
	case ctx.Err() != nil:
		err = nil
	case err != nil:
		err = fmt.Errorf("connect the fake Vidaoo with the hub: %w", err)
	default:
		go func() { failed <- siteServer.Serve(o.Site) }()
		select {
		case <-ctx.Done():
		case err = <-failed:
			err = fmt.Errorf("the demo can't serve: %w", err)
		}
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	for _, s := range []*http.Server{vidaooServer, siteServer} {
		if s.Shutdown(bye) != nil { // a browser keeps connections on which it never asked
			err = errors.Join(err, s.Close())
		}
	}
	return err
}
