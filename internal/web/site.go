package web

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Config is what the pages need to know.
type Config struct {
	// API is the hub's: pages ask it in process, and it answers what is no page.
	API http.Handler
	// PublicURL is how browsers reach the hub: "https://hub.example". It decides
	// how the cookie is kept.
	PublicURL string
	Logger    *slog.Logger     // nil logs nothing
	Now       func() time.Time // nil: the system's clock
}

// Site is the hub's pages.
type Site struct {
	api    http.Handler
	log    *slog.Logger
	now    func() time.Time
	secure bool   // the cookie is for https only
	plain  bool   // reached over plain HTTP from elsewhere: browsers would send passwords in the clear
	origin string // of our own pages
	own    *http.CrossOriginProtection
	assets *assets
	pages  map[string]pages // by language

	watches *watches
}

// New makes the pages. They are parts of the program: an error is a mistake in
// them, or in the public address.
func New(c Config) (*Site, error) {
	s := &Site{api: c.API, log: c.Logger, now: c.Now, own: http.NewCrossOriginProtection()}
	s.watches = newWatches(s)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.reachedAt(c.PublicURL); err != nil {
		return nil, err
	}
	var err error
	if s.assets, err = readAssets(); err != nil {
		return nil, err
	}
	s.pages, err = parsePages(s.assets)
	return s, err
}

// reachedAt takes over how browsers reach the hub.
func (s *Site) reachedAt(publicURL string) error {
	u, err := url.Parse(publicURL)
	if err != nil {
		return err
	}
	ip := net.ParseIP(u.Hostname())
	here := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	s.plain = u.Scheme != "https" && !here
	s.secure = u.Scheme == "https" || !here
	// A proxy may have changed the Host with which Origin is compared.
	s.origin = u.Scheme + "://" + u.Host
	return s.own.AddTrustedOrigin(s.origin)
}

// Close ends what pages listen to, so that the server can shut down: they come
// again by themselves.
func (s *Site) Close() { s.watches.close() }

// Handler answers with pages, and has the API answer everything else.
func (s *Site) Handler() http.Handler {
	all := http.NewServeMux()
	for _, rt := range append(s.routes(), s.adminRoutes()...) {
		all.Handle(rt.pattern, s.guard(rt))
	}
	all.HandleFunc("GET /assets/{name}", s.assets.serve)
	all.Handle("/", s.api)
	return all
}
