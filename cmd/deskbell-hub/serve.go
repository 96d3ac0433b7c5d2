package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
)

const (
	socketName      = "hub.sock"
	shutdownTimeout = 5 * time.Second
)

// serveOptions are the flags of serve.
type serveOptions struct {
	listen, publicURL, cert, key string
	behindProxy                  bool
}

func newServe() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the hub",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, _ := cmd.Flags().GetString("data")
			return serve(cmd.Context(), dir, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8480", "the address to listen on")
	f.StringVar(&o.publicURL, "public-url", "", "how Vidaoo and the apps reach the hub, for Receive URLs (default: the address it listens on)")
	f.StringVar(&o.cert, "tls-cert", "", "TLS certificate, PEM file")
	f.StringVar(&o.key, "tls-key", "", "TLS key, PEM file")
	f.BoolVar(&o.behindProxy, "behind-proxy", false, "serve plain HTTP although the address is not loopback: a proxy does TLS")
	return cmd
}

func (o serveOptions) check() error {
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return usageError{fmt.Errorf("--listen %q is not an address: write host:port, such as 127.0.0.1:8480", o.listen)}
	}
	if (o.cert == "") != (o.key == "") {
		return usageError{errors.New("--tls-cert and --tls-key go together")}
	}
	ip := net.ParseIP(host)
	if loopback := host == "localhost" || ip != nil && ip.IsLoopback(); o.cert == "" && !loopback && !o.behindProxy {
		return usageError{fmt.Errorf("plain HTTP is served on loopback only and %s is not: give --tls-cert and --tls-key, or --behind-proxy if a proxy does TLS", o.listen)}
	}
	if o.publicURL != "" {
		if u, err := url.Parse(o.publicURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return usageError{fmt.Errorf("--public-url %q is not an address: write https://hub.example", o.publicURL)}
		}
	}
	return nil
}

// serve runs the hub until the context ends.
func serve(ctx context.Context, dir string, o serveOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	unlock, err := own(dir)
	if err != nil {
		return err
	}
	defer unlock()
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w: is another program there? choose another --listen", o.listen, err)
	}
	scheme := "http"
	if o.cert != "" {
		scheme = "https"
		cert, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return errors.Join(fmt.Errorf("read --tls-cert and --tls-key: %w", err), listener.Close())
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
	}
	address := scheme + "://" + listener.Addr().String()
	if o.publicURL == "" {
		o.publicURL = address
	}
	h, err := hub.Open(ctx, hub.Config{Dir: dir, PublicURL: o.publicURL, Logger: logger})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	socket, err := listenSocket(dir)
	if err != nil {
		return errors.Join(err, listener.Close(), h.Close())
	}
	logger.Info("the hub is ready", "listen", address, "data", dir)
	return run(ctx, logger, h, listener, socket)
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

// run serves both listeners until the context ends or one fails.
func run(ctx context.Context, logger *slog.Logger, h *hub.Hub, public, socket net.Listener) error {
	servers := map[net.Listener]*http.Server{
		public: newServer(h.Handler(), logger),
		socket: newServer(h.AdminHandler(), logger),
	}
	failed := make(chan error, len(servers))
	for l, s := range servers {
		go func() { failed <- s.Serve(l) }()
	}
	var err error
	select {
	case <-ctx.Done():
		logger.Info("the hub shuts down")
	case err = <-failed:
		err = fmt.Errorf("the hub can't serve: %w", err)
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	for _, s := range servers {
		if e := s.Shutdown(bye); e != nil {
			logger.Warn("a request was cut off", "err", e)
		}
	}
	return errors.Join(err, h.Close())
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
