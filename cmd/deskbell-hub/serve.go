package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/web"
)

const (
	socketName      = "hub.sock"
	shutdownTimeout = 5 * time.Second
)

// serveOptions are the flags of serve.
type serveOptions struct {
	listen, publicURL, cert, key string
	behindProxy                  bool
	trustedProxies               []string
	keepCalls, keepHistory       string
	keepAudit                    string
	// meetings makes those of the web button; nil: with the stored key.
	meetings hub.Meetings
}

func newServe() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the hub",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, _ := cmd.Flags().GetString("data")
			r, err := start(cmd.Context(), dir, slog.New(slog.NewTextHandler(os.Stderr, nil)), o)
			if err != nil {
				return err
			}
			if err := r.offerSetUp(cmd.OutOrStdout()); err != nil {
				return errors.Join(err, r.close())
			}
			return r.serve(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8480", "the address to listen on")
	f.StringVar(&o.publicURL, "public-url", "", "how Vidaoo and the apps reach the hub, for Receive URLs (default: the address it listens on)")
	f.StringVar(&o.cert, "tls-cert", "", "TLS certificate, PEM file")
	f.StringVar(&o.key, "tls-key", "", "TLS key, PEM file")
	f.BoolVar(&o.behindProxy, "behind-proxy", false, "serve plain HTTP although the address is not loopback: a proxy does TLS")
	f.StringSliceVar(&o.trustedProxies, "trusted-proxy", nil, "networks of proxies whose X-Forwarded-For is believed, such as 127.0.0.1 or 10.0.0.0/8")
	f.StringVar(&o.keepCalls, "keep-calls", "30d", "how long ended calls keep the customer's data")
	f.StringVar(&o.keepHistory, "keep-history", "400d", "how long ended calls keep their numbers, without the customer's data")
	f.StringVar(&o.keepAudit, "keep-audit", "400d", "how long it is kept who changed what ('audit list')")
	return cmd
}

// config is the hub's part of the options.
func (o serveOptions) config() (c hub.Config, err error) {
	if c.TrustedProxies, err = hub.Networks(o.trustedProxies); err != nil {
		return c, usageError{fmt.Errorf("--trusted-proxy: %w", err)}
	}
	for flag, d := range map[string]struct {
		text string
		into *time.Duration
	}{"--keep-calls": {o.keepCalls, &c.Keep.Calls}, "--keep-history": {o.keepHistory, &c.Keep.History}, "--keep-audit": {o.keepAudit, &c.Keep.Audit}} {
		if *d.into, err = days(d.text); err != nil {
			return c, usageError{fmt.Errorf("%s: %w", flag, err)}
		}
	}
	if c.Keep.History < c.Keep.Calls {
		return c, usageError{fmt.Errorf("--keep-history (%s) is shorter than --keep-calls (%s): the numbers are kept at least as long as the calls", o.keepHistory, o.keepCalls)}
	}
	return c, nil
}

// days reads a duration that may be written in days. Empty is the default.
func days(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	if n, ok := strings.CutSuffix(text, "d"); ok {
		if days, err := strconv.Atoi(n); err == nil && days > 0 && days <= 36500 {
			return time.Duration(days) * 24 * time.Hour, nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d >= time.Hour {
		return d, nil
	}
	return 0, fmt.Errorf("%q is no time of an hour or more: write 30d or 36h", text)
}

func (o serveOptions) check() error {
	if _, _, err := net.SplitHostPort(o.listen); err != nil {
		return usageError{fmt.Errorf("--listen %q is not an address: write host:port, such as 127.0.0.1:8480", o.listen)}
	}
	if _, err := o.config(); err != nil {
		return err
	}
	if (o.cert == "") != (o.key == "") {
		return usageError{errors.New("--tls-cert and --tls-key go together")}
	}
	if o.cert == "" && !loopback(o.listen) && !o.behindProxy {
		return usageError{fmt.Errorf("plain HTTP is served on loopback only and %s is not: give --tls-cert and --tls-key, or --behind-proxy if a proxy does TLS", o.listen)}
	}
	if host, _, _ := net.SplitHostPort(o.listen); o.publicURL == "" && (host == "" || net.ParseIP(host).IsUnspecified()) {
		return usageError{fmt.Errorf("nobody can reach the hub at %s: say with --public-url how Vidaoo and the apps do, such as https://hub.example", o.listen)}
	}
	if o.publicURL != "" {
		if u, err := url.Parse(o.publicURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return usageError{fmt.Errorf("--public-url %q is not an address: write https://hub.example", o.publicURL)}
		}
	}
	return nil
}

// loopback tells whether an address can be reached from this machine only.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// running is a hub with its listeners.
type running struct {
	hub            *hub.Hub
	publicURL      string
	pages          *web.Site
	log            *slog.Logger
	address        string // "https://127.0.0.1:8480"
	public, socket net.Listener
	unlock         func()
	meetings       *meetings
}

// start opens the hub on its data folder, and its listeners.
func start(ctx context.Context, dir string, logger *slog.Logger, o serveOptions) (*running, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	r := &running{log: logger}
	if err := r.open(ctx, dir, o); err != nil {
		return nil, errors.Join(err, r.close())
	}
	logger.Info("the hub is ready", "listen", r.address, "data", dir)
	return r, nil
}

// open takes what a hub needs, one after the other; close gives back what it got.
func (r *running) open(ctx context.Context, dir string, o serveOptions) (err error) {
	if r.unlock, err = own(dir); err != nil {
		return err
	}
	if r.public, r.address, err = o.open(); err != nil {
		return err
	}
	if o.publicURL == "" {
		o.publicURL = r.address
	}
	c, err := o.config()
	if err != nil {
		return err
	}
	r.meetings = newMeetings(dir)
	c.Dir, c.PublicURL, c.Logger, c.Vidaoo, c.Meetings = dir, o.publicURL, r.log, r.meetings, o.meetings
	if c.Meetings == nil {
		c.Meetings = r.meetings
	}
	r.publicURL = strings.TrimSuffix(c.PublicURL, "/")
	if r.hub, err = hub.Open(ctx, c); err != nil {
		return err
	}
	if r.pages, err = web.New(web.Config{API: r.hub.Handler(), PublicURL: c.PublicURL, Logger: r.log}); err != nil {
		return err
	}
	r.socket, err = listenSocket(dir)
	return err
}

// offerSetUp prints the link with which the first admin is made, if there is no
// user yet. It goes to standard output and into no log.
func (r *running) offerSetUp(out io.Writer) error {
	secret, ok := r.hub.SetUp()
	if !ok {
		return nil
	}
	_, err := fmt.Fprintf(out, "The hub has no users yet. Make the first admin here, once:\n\n    %s/set-up/%s\n\n", r.publicURL, secret)
	return err
}

// open listens for the outside.
func (o serveOptions) open() (l net.Listener, address string, err error) {
	var config *tls.Config
	scheme := "http"
	if o.cert != "" {
		cert, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return nil, "", fmt.Errorf("read --tls-cert and --tls-key: %w", err)
		}
		scheme, config = "https", &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	if l, err = net.Listen("tcp", o.listen); err != nil {
		return nil, "", fmt.Errorf("listen on %s: %w: is another program there? choose another --listen", o.listen, err)
	}
	address = scheme + "://" + l.Addr().String()
	if config != nil {
		l = tls.NewListener(l, config)
	}
	return l, address, nil
}

// close gives back what start took, in the other direction.
func (r *running) close() error {
	var err error
	for _, l := range []net.Listener{r.socket, r.public} {
		if l == nil {
			continue
		}
		if e := l.Close(); !errors.Is(e, net.ErrClosed) {
			err = errors.Join(err, e)
		}
	}
	if r.hub != nil {
		err = errors.Join(err, r.hub.Close())
	}
	if r.meetings != nil {
		r.meetings.Close()
	}
	if r.unlock != nil {
		r.unlock()
	}
	return err
}

// own takes the data folder for this process alone: two engines on one folder
// would destroy it.
func own(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	lock := flock.New(filepath.Join(dir, "hub.lock"))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data folder %s: %w", dir, err)
	}
	if !ok {
		return nil, fmt.Errorf("a hub runs on %s already: end it first or choose another --data", dir)
	}
	return func() { _ = lock.Unlock() }, nil // the process ends: the system unlocks
}

// listenSocket opens the administration socket for this user only. The folder
// is ours: a socket that is there is what a killed hub left behind.
func listenSocket(dir string) (net.Listener, error) {
	path := filepath.Join(dir, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove the old socket: %w", err)
	}
	socket, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("open the administration socket: %w: a path of over 100 letters is too long; choose a shorter --data", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("guard the administration socket: %w", err), socket.Close())
	}
	return socket, nil
}

// serve answers on both listeners until the context ends or one fails, and
// closes the hub.
func (r *running) serve(ctx context.Context) error {
	servers := map[net.Listener]*http.Server{
		r.public: newServer(r.pages.Handler(), r.log),
		r.socket: newServer(r.hub.AdminHandler(), r.log),
	}
	failed := make(chan error, len(servers)+1)
	go func() {
		if err := r.hub.Failed(); err != nil {
			failed <- err
		}
	}()
	servers[r.public].RegisterOnShutdown(r.pages.Close)
	for l, s := range servers {
		go func() { failed <- s.Serve(l) }()
	}
	var err error
	select {
	case <-ctx.Done():
		r.log.Info("the hub shuts down")
	case err = <-failed:
		err = fmt.Errorf("the hub can't serve: %w", err)
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	for _, s := range servers {
		if s.Shutdown(bye) != nil { // a request takes too long, or a browser keeps its connection
			err = errors.Join(err, s.Close())
		}
	}
	return errors.Join(err, r.close())
}

func newServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}
