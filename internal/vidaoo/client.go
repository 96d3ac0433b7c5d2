package vidaoo

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config is where and how a [Client] speaks with Vidaoo.
type Config struct {
	Settings  Settings // nil has the defaults
	Key       Key      // the API token of a Vidaoo user
	Password  Key      // with the setting auth=login
	Transport http.RoundTripper
}

// Client asks Vidaoo's REST API. It may be used by many goroutines.
type Client struct {
	settings Settings
	base     *url.URL
	key      Key
	password Key
	timeout  time.Duration
	attempts int
	http     *http.Client

	signingIn sync.Mutex
	token     Key // the access token of auth=login; "" before signing in
}

// NewClient checks the configuration. It sends nothing.
func NewClient(config Config) (*Client, error) {
	s := config.Settings
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := CheckKey(config.Key); err != nil {
		return nil, err
	}
	base, err := url.Parse(strings.TrimRight(s.Of(SettingBaseURL), "/"))
	if err != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("the base address of Vidaoo (base-url) has a ? or a #: write it like " + setting(SettingBaseURL).Default)
	}
	if s.Of(SettingAuth) == AuthLogin && (s.Of(SettingEmail) == "" || config.Password == "") {
		return nil, errors.New("auth=login needs an e-mail address (--set email=…) and a password")
	}
	c := &Client{settings: s, base: base, key: config.Key, password: config.Password}
	c.timeout, _ = time.ParseDuration(s.Of(SettingTimeout)) // checked above
	c.attempts, _ = strconv.Atoi(s.Of(SettingAttempts))
	transport := config.Transport
	if transport == nil {
		if transport, err = newTransport(s.Of(SettingCAFile)); err != nil {
			return nil, err
		}
	}
	c.http = &http.Client{
		Transport: transport,
		// A redirect would carry the key to another place or turn the POST into a GET.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

// Ready is nil: a client has its key. Whoever makes its client only when one is
// needed has more to say.
func (c *Client) Ready() error { return nil }

// Close closes the connections that wait for more requests.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Host is where the API is.
func (c *Client) Host() string { return c.base.Host }

func newTransport(caFile string) (http.RoundTripper, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile == "" {
		return transport, nil
	}
	data, err := os.ReadFile(caFile)
	if err != nil {
		return nil, fmt.Errorf("read the certificates of ca-file: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("ca-file %s holds no certificate: give a PEM file", caFile)
	}
	transport.TLSClientConfig.RootCAs = pool
	return transport, nil
}
