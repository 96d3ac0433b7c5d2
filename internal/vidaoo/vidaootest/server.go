package vidaootest

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

const (
	maxRequest    = 64 << 10 // bytes of a request's or reply's body
	maxMeetings   = 1_000    // kept; the oldest go first
	maxDeliveries = 1_000    // kept; the oldest go first
	maxSending    = 64       // webhooks on their way at once; more wait for these
)

// Options is what is not known of Vidaoo, and what a test may want to be different. Zero fields get the
// defaults that are named.
type Options struct {
	Key             string            // the API token that requests must bring: "test-key"
	KeyHeader       string            // "X-APIKEY"
	MeetingsPath    string            // "/api/v1/meetings"
	AutomationsPath string            // "/api/v1/automations"
	IDField         string            // name of a meeting's id in replies and templates: "id"
	LinkField       string            // name of its link: "link"
	PublicURL       string            // what links begin with: "http://" and the host that a request named
	Automations     []Automation      // their ids are "1", "2" and so on
	Unfilled        Unfilled          // what becomes of a template without a value: UnfilledKept
	Timeout         time.Duration     // of one delivery: 5 s
	Retries         int               // deliveries after one without an answer, or with 429 or 5xx: none
	RetryDelay      time.Duration     // before each retry: 1 s
	Transport       http.RoundTripper // carries the webhooks: one of its own, without proxies
	NewID           func() string     // ids of meetings: random ones
}

// Server is a fake Vidaoo. It is ready to serve and to send when [New] returns it; [Server.Close] ends
// what it still sends.
type Server struct {
	options Options
	mux     *http.ServeMux
	client  *http.Client
	stopped context.Context // done when Close was called
	stop    context.CancelFunc
	sending chan struct{} // holds one for each webhook on its way
	senders sync.WaitGroup

	mu          sync.Mutex
	closed      bool
	automations []Automation
	meetings    []*meeting    // oldest first
	deliveries  []Delivery    // oldest first
	delivered   int           // ever, also those that are kept no more
	news        chan struct{} // closed at the next delivery
}

// New returns a fake Vidaoo.
func New(options Options) *Server {
	options.Key = cmp.Or(options.Key, "test-key")
	options.KeyHeader = cmp.Or(options.KeyHeader, "X-APIKEY")
	options.MeetingsPath = cmp.Or(options.MeetingsPath, "/api/v1/meetings")
	options.AutomationsPath = cmp.Or(options.AutomationsPath, "/api/v1/automations")
	options.IDField = cmp.Or(options.IDField, "id")
	options.LinkField = cmp.Or(options.LinkField, "link")
	options.Timeout = cmp.Or(options.Timeout, 5*time.Second)
	options.RetryDelay = cmp.Or(options.RetryDelay, time.Second)
	if options.Transport == nil {
		options.Transport = &http.Transport{}
	}
	if options.NewID == nil {
		options.NewID = rand.Text
	}
	s := &Server{
		options: options,
		mux:     http.NewServeMux(),
		client: &http.Client{
			Transport:     options.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		sending:     make(chan struct{}, maxSending),
		automations: append([]Automation(nil), options.Automations...),
		news:        make(chan struct{}),
	}
	s.stopped, s.stop = context.WithCancel(context.Background())
	s.mux.HandleFunc("POST "+options.MeetingsPath, s.withKey(s.createMeeting))
	s.mux.HandleFunc("GET "+options.MeetingsPath+"/{id}", s.withKey(s.showMeeting))
	s.mux.HandleFunc("DELETE "+options.MeetingsPath+"/{id}", s.withKey(s.deleteMeeting))
	s.mux.HandleFunc("PUT "+options.AutomationsPath+"/{id}", s.withKey(s.updateAutomation))
	s.mux.HandleFunc("GET /session/{room}", s.showSession)
	return s
}

// Handler serves the API and the session pages.
func (s *Server) Handler() http.Handler { return s.mux }

// Close gives up the webhooks that are on their way and waits until they are gone. Later meetings send
// none.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.senders.Wait()
	s.client.CloseIdleConnections()
}

// withKey lets requests through that bring the key, and bounds what is read of them.
func (s *Server) withKey(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(s.options.KeyHeader)
		if subtle.ConstantTimeCompare([]byte(key), []byte(s.options.Key)) != 1 {
			refuse(w, http.StatusUnauthorized, "the API key is missing or wrong")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
		next(w, r)
	}
}

// form reads a form-encoded body; it answers and returns false for any other.
func form(w http.ResponseWriter, r *http.Request) bool {
	if err := r.ParseForm(); err != nil || len(r.PostForm) == 0 {
		refuse(w, http.StatusBadRequest, "the body must be form-encoded (application/x-www-form-urlencoded)")
		return false
	}
	return true
}

func reply(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"message":"the reply cannot be written"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}

func refuse(w http.ResponseWriter, status int, message string) {
	reply(w, status, map[string]string{"message": message})
}
