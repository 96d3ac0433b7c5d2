package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
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

// Demo is the customer's side: a fake Vidaoo, and who asks it.
type Demo struct {
	vidaoo net.Listener
	fake   *vidaootest.Server
	client *vidaoo.Client
}

// New makes a fake Vidaoo that will listen there, with a fresh key.
func New(l net.Listener) (*Demo, error) {
	key := rand.Text()
	client, err := vidaoo.NewClient(vidaoo.Config{
		Settings: vidaoo.Settings{vidaoo.SettingBaseURL: "http://" + l.Addr().String() + "/api/v1"}, Key: vidaoo.Key(key),
	})
	if err != nil {
		return nil, fmt.Errorf("start the demo: %w", err)
	}
	return &Demo{l, vidaootest.New(vidaootest.Options{Key: key}), client}, nil
}

// Client asks the fake Vidaoo: the hub makes its button's meetings with it.
func (d *Demo) Client() *vidaoo.Client { return d.client }

// Close ends the fake Vidaoo.
func (d *Demo) Close() {
	d.fake.Close()
	d.client.Close()
}

// Options are where the website listens, on loopback, and the hub whose button it
// shows.
type Options struct {
	Site       net.Listener
	Hub        string // "http://127.0.0.1:8480"
	Queue      string
	ReceiveURL string
}

// Run serves until the context ends or a listener fails.
func (d *Demo) Run(ctx context.Context, o Options) error {
	site, err := newSite(o)
	if err != nil {
		return err
	}
	vidaooServer := &http.Server{Handler: d.fake.Handler(), ReadHeaderTimeout: headerTimeout}
	siteServer := &http.Server{Handler: site, ReadHeaderTimeout: headerTimeout}
	failed := make(chan error, 2)
	go func() { failed <- vidaooServer.Serve(d.vidaoo) }()
	// The button works when its webhooks have a place to go to.
	_, err = d.client.CreateAutomation(ctx, d.client.NewAutomation("demo", o.ReceiveURL))
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
