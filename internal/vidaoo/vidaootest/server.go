package vidaootest

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
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
	MeetingKey      string            // one whose user may manage meetings only: "meeting-key"
	ReadKey         string            // one whose user may change nothing: "read-key"
	KeyHeader       string            // "X-APIKEY"
	Email, Password string            // who may sign in at LoginPath; nobody
	LoginPath       string            // "/api/v1/accounts/login"
	VerifyPath      string            // "/api/v1/accounts/verify"
	MeetingsPath    string            // "/api/v1/meetings"
	AutomationsPath string            // "/api/v1/automations"
	RecordingsPath  string            // "/api/v1/recordings"
	RecordingType   string            // the content type of recordings: "video/mp4"
	WholeOnly       bool              // recordings come whole, whatever Range says
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
	meetings    []*meeting  // oldest first
	over        []*meeting  // deleted; oldest first
	recordings  []recording // oldest first
	asked       []Asked     // oldest first
	faults      []Fault
	token       string        // of who signed in
	deliveries  []Delivery    // oldest first
	delivered   int           // ever, also those that are kept no more
	news        chan struct{} // closed at the next delivery
}

// New returns a fake Vidaoo.
func New(options Options) *Server {
	options.Key = cmp.Or(options.Key, "test-key")
	options.MeetingKey = cmp.Or(options.MeetingKey, "meeting-key")
	options.ReadKey = cmp.Or(options.ReadKey, "read-key")
	options.LoginPath = cmp.Or(options.LoginPath, "/api/v1/accounts/login")
	options.VerifyPath = cmp.Or(options.VerifyPath, "/api/v1/accounts/verify")
	options.RecordingsPath = cmp.Or(options.RecordingsPath, "/api/v1/recordings")
	options.RecordingType = cmp.Or(options.RecordingType, "video/mp4")
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
	s.routes()
	s.mux.HandleFunc("GET /session/{room}", s.showSession)
	s.mux.HandleFunc("GET /session/{room}/guests", s.showGuests)
	s.mux.HandleFunc("GET /session/{room}/leave", s.leave)
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

// routes are the operations of the API, each with its name.
func (s *Server) routes() {
	o := s.options
	for _, r := range []struct {
		name, pattern string
		handle        http.HandlerFunc
	}{
		{"verify", "GET " + o.VerifyPath, s.verify},
		{"meeting-create", "POST " + o.MeetingsPath, s.createMeeting},
		{"meeting-get", "GET " + o.MeetingsPath + "/{id}", s.showMeeting},
		{"meeting-list", "GET " + o.MeetingsPath, s.listMeetings},
		{"meeting-delete", "DELETE " + o.MeetingsPath + "/{id}", s.deleteMeeting},
		{"automation-create", "POST " + o.AutomationsPath, s.createAutomation},
		{"automation-get", "GET " + o.AutomationsPath + "/{id}", s.showAutomation},
		{"automation-list", "GET " + o.AutomationsPath, s.listAutomations},
		{"automation-update", "PUT " + o.AutomationsPath + "/{id}", s.updateAutomation},
		{"recording-start", "POST " + o.RecordingsPath, s.startRecording},
		{"recording-stop", "POST " + o.RecordingsPath + "/{id}/stop", s.stopRecording},
		{"recording-list", "GET " + o.RecordingsPath, s.listRecordings},
		{"recording-download", "GET " + o.RecordingsPath + "/{id}/download", s.downloadRecording},
	} {
		s.mux.HandleFunc(r.pattern, s.withKey(r.name, s.noting(r.name, s.withFaults(r.name, r.handle))))
	}
	s.mux.HandleFunc("POST "+o.LoginPath, s.withFaults("login", s.login))
}

// withKey lets requests through that bring a key which may do this, and bounds what is read of them.
func (s *Server) withKey(name string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
		key := r.Header.Get(s.options.KeyHeader)
		switch {
		case s.signedIn(r), same(key, s.options.Key):
			next(w, r)
		case same(key, s.options.MeetingKey) && strings.HasPrefix(name, "meeting-"),
			same(key, s.options.ReadKey) && r.Method == http.MethodGet:
			next(w, r)
		case same(key, s.options.MeetingKey), same(key, s.options.ReadKey):
			refuse(w, http.StatusForbidden, "your role may not do this")
		default:
			refuse(w, http.StatusUnauthorized, "the API key is missing or wrong")
		}
	}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// signedIn tells whether a request has the access token, and the key beside it.
func (s *Server) signedIn(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token != "" && same(r.Header.Get("Authorization"), "Bearer "+s.token) && same(r.Header.Get("x-api-key"), s.options.Key)
}

// SignOut ends the access token that was given last.
func (s *Server) SignOut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = ""
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	if !form(w, r) {
		return
	}
	if s.options.Email == "" || !same(r.PostForm.Get("email"), s.options.Email) || !same(r.PostForm.Get("password"), s.options.Password) {
		refuse(w, http.StatusUnauthorized, "wrong e-mail address or password")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = rand.Text()
	reply(w, http.StatusOK, map[string]string{"access_token": s.token})
}

func (s *Server) verify(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{"valid": true})
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
