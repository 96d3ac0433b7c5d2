package vidaoo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/link"
)

// maxReply is the longest reply that is read, in bytes.
const maxReply = 64 << 10

// Config is where and how a [Client] speaks with Vidaoo. Zero fields get the defaults that are named;
// of these the base address and the key's header are published, the others are the likely ones.
type Config struct {
	BaseURL      string            // "https://api-vidaoo.xcally.com/api/v1"
	Key          string            // the API token of a Vidaoo user; no default
	KeyHeader    string            // "X-APIKEY"
	MeetingsPath string            // "/meetings", after BaseURL
	IDPaths      []string          // where a reply has the meeting's id, as in a Mapping: "id", "session_id", ...
	LinkPaths    []string          // where a reply has the meeting's link: "link", "url", ...
	Timeout      time.Duration     // of one request: 10 s
	Transport    http.RoundTripper // http.DefaultTransport
}

// Client asks Vidaoo's REST API. It may be used by many goroutines.
type Client struct {
	config Config
	http   *http.Client
}

// Meeting is a meeting to be created.
type Meeting struct {
	Topic               string
	Metadata            map[string]any // sent as JSON text; nil sends none
	GuestRedirectionURL string         // where guests go when they leave; "" sends none
}

// Created is Vidaoo's answer to a new meeting. ID and Link are empty where the reply has none at the
// paths of the configuration, or a link that may not be opened; the automation's webhook still comes.
type Created struct {
	ID   string
	Link string
	Raw  json.RawMessage // the whole reply; it may hold links, so it is no matter for logs
}

// StatusError says that Vidaoo answered, but not with success.
type StatusError struct {
	Status  int    // HTTP status code
	Message string // what Vidaoo said, one clean line; often empty
}

func (e *StatusError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Vidaoo answered %d", e.Status)
	if text := http.StatusText(e.Status); text != "" {
		fmt.Fprintf(&b, " (%s)", text)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ", saying %q", e.Message)
	}
	b.WriteString(": " + e.advice())
	return b.String()
}

func (e *StatusError) advice() string {
	switch {
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
		return "generate a new API token in Vidaoo, for a user whose role may create meetings"
	case e.Status == http.StatusTooManyRequests:
		return "wait a minute and try again"
	case e.Status >= 500:
		return "try again later"
	case e.Status == http.StatusNotFound || e.Status/100 == 3:
		return "check the base address and the path of meetings"
	default:
		return "check the meeting's topic and metadata"
	}
}

// NewClient checks the configuration. It sends nothing.
func NewClient(config Config) (*Client, error) {
	defaults := DefaultMapping()
	config.BaseURL = strings.TrimRight(orDefault(config.BaseURL, "https://api-vidaoo.xcally.com/api/v1"), "/")
	config.KeyHeader = orDefault(config.KeyHeader, "X-APIKEY")
	config.MeetingsPath = orDefault(config.MeetingsPath, "/meetings")
	if config.IDPaths == nil {
		config.IDPaths = append([]string{"id"}, defaults[FieldSession]...)
	}
	if config.LinkPaths == nil {
		config.LinkPaths = defaults[FieldLink]
	}
	if config.Timeout <= 0 {
		config.Timeout = 10 * time.Second
	}
	if err := link.Check(config.BaseURL); err != nil {
		return nil, fmt.Errorf("the base address of Vidaoo: %w", err)
	}
	if config.Key == "" || strings.ContainsFunc(config.Key, notInHeader) {
		return nil, errors.New("the API key of Vidaoo is empty or has characters that no key has: " +
			"generate an API token in Vidaoo and copy it whole")
	}
	return &Client{config: config, http: &http.Client{
		Transport: config.Transport,
		// A redirect would carry the key to another place or turn the POST into a GET.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func orDefault(value, standard string) string {
	if value == "" {
		return standard
	}
	return value
}

func notInHeader(r rune) bool { return r <= ' ' || r >= 0x7f }

// CreateMeeting creates a meeting. The error is a [*StatusError], or a sentence about a request that
// got no readable answer; then the meeting may exist all the same.
func (c *Client) CreateMeeting(ctx context.Context, m Meeting) (Created, error) {
	form, err := m.form()
	if err != nil {
		return Created{}, err
	}
	raw, err := c.post(ctx, c.config.MeetingsPath, form)
	if err != nil {
		return Created{}, fmt.Errorf("create a meeting: %w", err)
	}
	reply, err := decodeObject(raw)
	if err != nil {
		return Created{}, fmt.Errorf("create a meeting: Vidaoo's reply is not JSON, %w: "+
			"check the base address", err)
	}
	created := Created{ID: firstText(reply, c.config.IDPaths), Raw: raw}
	if found := firstText(reply, c.config.LinkPaths); link.Check(found) == nil {
		created.Link = found
	}
	return created, nil
}

func (m Meeting) form() (url.Values, error) {
	form := url.Values{"topic": {m.Topic}}
	if m.Metadata != nil {
		metadata, err := json.Marshal(m.Metadata)
		if err != nil {
			return nil, fmt.Errorf("create a meeting: its metadata cannot be written as JSON: %w", err)
		}
		form.Set("metadata", string(metadata))
	}
	if m.GuestRedirectionURL != "" {
		form.Set("guestRedirectionUrl", m.GuestRedirectionURL)
	}
	return form, nil
}

// post returns the body of a 2xx reply.
func (c *Client) post(ctx context.Context, path string, form url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.BaseURL+path,
		strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("the path %q cannot follow the base address: correct it", path)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	request.Header.Set(c.config.KeyHeader, c.config.Key)

	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.unreachable(request.URL, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	if err != nil {
		return nil, c.unreachable(request.URL, err)
	}
	if response.StatusCode/100 != 2 {
		return nil, &StatusError{Status: response.StatusCode, Message: c.message(body)}
	}
	if len(body) > maxReply {
		return nil, fmt.Errorf("the reply of %s is longer than 64 KiB: check the base address", request.URL.Host)
	}
	return body, nil
}

func (c *Client) unreachable(u *url.URL, err error) error {
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err // its text would repeat the whole address
	}
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("%s did not answer in time: try again, and check the way to it if it stays so: %w", u.Host, err)
	}
	return fmt.Errorf("no answer from %s: check the base address and the network: %w", u.Host, err)
}

// message takes the "message" of an error reply, without the key, which some servers repeat.
func (c *Client) message(body []byte) string {
	reply, err := decodeObject(body)
	if err != nil {
		return ""
	}
	return clean.Text(strings.ReplaceAll(firstText(reply, []string{"message", "error.message", "error"}),
		c.config.Key, "(key)"), 200)
}

// firstText finds a reply's field as [Mapping] does.
func firstText(reply map[string]any, paths []string) string {
	for _, path := range paths {
		v, _ := lookup(reply, path)
		if text, _ := asText(v); text != "" {
			return text
		}
	}
	return ""
}
