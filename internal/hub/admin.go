package hub

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// AdminQueue is a queue as administration shows it. Durations are Go's.
type AdminQueue struct {
	wire.Queue
	Number     int      `json:"number"`
	ReceiveURL string   `json:"receive_url"`
	Members    []string `json:"members"`
}

// AdminUser is a user as administration shows it.
type AdminUser struct {
	wire.User
	HasPassword bool          `json:"has_password"`
	Presence    wire.Presence `json:"presence"`
}

// NewQueue asks for a queue. Empty durations and strategy take the defaults.
type NewQueue struct {
	Name     string `json:"name"`
	Strategy string `json:"strategy,omitempty"`
	Ring     string `json:"ring,omitempty"`
	Patience string `json:"patience,omitempty"`
}

// NewUser asks for a user.
type NewUser struct {
	Username string   `json:"username"`
	Name     string   `json:"name,omitempty"`
	Role     string   `json:"role,omitempty"`
	Queues   []string `json:"queues,omitempty"`
	Password string   `json:"password,omitempty"`
}

// AdminCall is a call with its trail.
type AdminCall struct {
	wire.Call
	Trail    []call.Event      `json:"trail"`
	Receipts []calllog.Receipt `json:"receipts"`
}

// AdminHandler answers administration. Who reaches it is an administrator: the
// hub serves it only on the unix socket, which the file's permissions guard.
func (h *Hub) AdminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /admin/queues", h.adminAddQueue)
	mux.HandleFunc("GET /admin/queues", h.adminListQueues)
	mux.HandleFunc("GET /admin/queues/{name}", h.adminShowQueue)
	mux.HandleFunc("GET /admin/queues/{name}/payloads", h.adminListPayloads)
	mux.HandleFunc("POST /admin/users", h.adminAddUser)
	mux.HandleFunc("GET /admin/users", h.adminListUsers)
	mux.HandleFunc("POST /admin/users/{name}/tokens", h.adminIssueToken)
	mux.HandleFunc("GET /admin/calls", h.adminListCalls)
	mux.HandleFunc("GET /admin/calls/{id}", h.adminShowCall)
	return problems(mux)
}

// readAdmin reads a request's JSON body, or answers 400.
func readAdmin[T any](w http.ResponseWriter, r *http.Request) (in T, ok bool) {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
		writeProblem(w, badRequest("The request is not the JSON it should be: use a deskbell-hub of the hub's version."))
		return in, false
	}
	return in, true
}

func (h *Hub) adminAddQueue(w http.ResponseWriter, r *http.Request) {
	in, ok := readAdmin[NewQueue](w, r)
	if !ok {
		return
	}
	q := Queue{Name: in.Name, Strategy: routing.Strategy(in.Strategy)}
	for _, d := range []struct {
		flag, text string
		into       *time.Duration
	}{{"ring time", in.Ring, &q.Ring}, {"patience", in.Patience, &q.Patience}} {
		if d.text == "" {
			continue
		}
		var err error
		if *d.into, err = time.ParseDuration(d.text); err != nil || *d.into <= 0 {
			writeProblem(w, badRequest("The %s %q is not a time: write 20s, 5m or 1h30m.", d.flag, d.text))
			return
		}
	}
	q, err := h.directory.AddQueue(r.Context(), q)
	if err != nil {
		writeProblem(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, h.adminQueue(q))
}

func (h *Hub) adminQueue(q Queue) AdminQueue {
	return AdminQueue{
		Queue:  wireQueue(q),
		Number: q.Number, ReceiveURL: h.ReceiveURL(q),
		Members: append([]string{}, h.directory.Members(q.Name)...),
	}
}

// ReceiveURL is the address that Vidaoo's automation POSTs to. It holds the
// queue's secret.
func (h *Hub) ReceiveURL(q Queue) string { return h.publicURL + "/receive/" + q.Name + "/" + q.Secret }

func (h *Hub) adminListQueues(w http.ResponseWriter, _ *http.Request) {
	all := []AdminQueue{}
	for _, q := range h.directory.Queues() {
		all = append(all, h.adminQueue(q))
	}
	writeJSON(w, http.StatusOK, all)
}

func (h *Hub) adminShowQueue(w http.ResponseWriter, r *http.Request) {
	q, ok := h.directory.Queue(r.PathValue("name"))
	if !ok {
		writeProblem(w, noQueue)
		return
	}
	writeJSON(w, http.StatusOK, h.adminQueue(q))
}

func (h *Hub) adminListPayloads(w http.ResponseWriter, r *http.Request) {
	q, ok := h.directory.Queue(r.PathValue("name"))
	if !ok {
		writeProblem(w, noQueue)
		return
	}
	h.payloads.flush(r.Context())
	all, err := h.calls.Payloads(r.Context(), q.Name)
	if err != nil {
		writeProblem(w, err)
		return
	}
	writeJSON(w, http.StatusOK, all)
}

func (h *Hub) adminAddUser(w http.ResponseWriter, r *http.Request) {
	in, ok := readAdmin[NewUser](w, r)
	if !ok {
		return
	}
	u, err := h.directory.AddUser(r.Context(), User{
		Username: in.Username, Name: in.Name, Role: call.Role(in.Role), Queues: in.Queues,
	}, in.Password)
	if err != nil {
		writeProblem(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, h.adminUser(u))
}

func (h *Hub) adminUser(u User) AdminUser {
	return AdminUser{User: wireUser(u), HasPassword: u.Password != "", Presence: h.live.presenceOf(u.Username)}
}

func (h *Hub) adminListUsers(w http.ResponseWriter, _ *http.Request) {
	all := []AdminUser{}
	for _, u := range h.directory.Users() {
		all = append(all, h.adminUser(u))
	}
	writeJSON(w, http.StatusOK, all)
}

func (h *Hub) adminIssueToken(w http.ResponseWriter, r *http.Request) {
	token, expires, err := h.directory.IssueToken(r.Context(), r.PathValue("name"), h.now())
	if err != nil {
		writeProblem(w, err)
		return
	}
	u, _ := h.directory.User(r.PathValue("name"))
	writeJSON(w, http.StatusCreated, wire.SignedIn{Token: token, Expires: wire.At(expires), User: wireUser(u)})
}

func (h *Hub) adminListCalls(w http.ResponseWriter, r *http.Request) {
	all := []wire.Call{}
	if r.URL.Query().Has("all") {
		entries, err := h.calls.Calls(r.Context())
		if err != nil {
			writeProblem(w, err)
			return
		}
		for _, e := range entries {
			all = append(all, wire.FromCall(e.Call))
		}
		slices.SortFunc(all, func(a, b wire.Call) int { return a.Received.Compare(b.Received.Time) })
		writeJSON(w, http.StatusOK, all)
		return
	}
	for _, c := range h.OpenCalls() {
		all = append(all, wire.FromCall(c))
	}
	writeJSON(w, http.StatusOK, all)
}

func (h *Hub) adminShowCall(w http.ResponseWriter, r *http.Request) {
	e, err := h.find(r.Context(), r.PathValue("id"))
	if err != nil {
		writeProblem(w, err)
		return
	}
	show := AdminCall{Call: wire.FromCall(e.Call), Trail: []call.Event{}, Receipts: []calllog.Receipt{}}
	trail, err := h.calls.Trail(r.Context(), e.Call.Queue, e.Call.ID)
	if err != nil {
		writeProblem(w, err)
		return
	}
	for _, e := range trail {
		show.Trail = append(show.Trail, e.Event)
	}
	h.receipts.flush(r.Context())
	receipts, err := h.calls.Receipts(r.Context(), e.Call.Queue, e.Call.ID)
	if err != nil {
		writeProblem(w, err)
		return
	}
	show.Receipts = append(show.Receipts, receipts...)
	writeJSON(w, http.StatusOK, show)
}
