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
	fake := vidaootest.New(vidaootest.Options{
		Key: key,
		Automations: []vidaootest.Automation{{
			Trigger: vidaootest.MeetingCreated, URL: o.ReceiveURL, Body: vidaootest.DefaultBody,
		}},
	})
	defer fake.Close()
	client, err := vidaoo.NewClient(vidaoo.Config{BaseURL: "http://" + o.Vidaoo.Addr().String() + "/api/v1", Key: key})
	if err != nil {
		return fmt.Errorf("start the demo: %w", err)
	}
	servers := map[net.Listener]*http.Server{
		o.Vidaoo: {Handler: fake.Handler(), ReadHeaderTimeout: headerTimeout},
		o.Site:   {Handler: newSite(client, o.Logger), ReadHeaderTimeout: headerTimeout},
	}
	failed := make(chan error, len(servers))
	for l, s := range servers {
		go func() { failed <- s.Serve(l) }()
	}
	var result error
	select {
	case <-ctx.Done():
	case err := <-failed:
		result = fmt.Errorf("the demo can't serve: %w", err)
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	for _, s := range servers {
		if s.Shutdown(bye) != nil { // a browser keeps connections on which it never asked
			result = errors.Join(result, s.Close())
		}
	}
	return result
}
