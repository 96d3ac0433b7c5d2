package vidaoo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// StatusError says that Vidaoo answered, but not with success.
type StatusError struct {
	Operation  Operation
	Status     int           // HTTP status code
	Message    string        // what Vidaoo said, one clean line without the key; often empty
	RetryAfter time.Duration // how long Vidaoo asks to wait; 0 if it does not

	endpoint endpoint
}

func (e *StatusError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: Vidaoo answered %d", e.Operation, e.Status)
	if text := http.StatusText(e.Status); text != "" {
		fmt.Fprintf(&b, " (%s)", text)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ", saying %q", e.Message)
	}
	b.WriteString(": " + e.advice())
	return b.String()
}

// Gone tells whether what an id named is not there, or not any more.
func (e *StatusError) Gone() bool {
	return e.endpoint.withID() && (e.Status == http.StatusGone || e.Status == http.StatusNotFound)
}

// Unsupported tells whether this Vidaoo seems not to have the operation at the path of the settings.
func (e *StatusError) Unsupported() bool {
	switch e.Status {
	case http.StatusNotFound, http.StatusGone:
		return !e.endpoint.withID()
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return true
	}
	return false
}

func (e *StatusError) advice() string {
	switch {
	case e.Operation == Login && e.Status/100 == 4 && !e.Unsupported() && e.Status != http.StatusTooManyRequests:
		return "check the e-mail address and the password"
	case e.Status == http.StatusUnauthorized:
		return "the API key is wrong or was revoked; generate a new API token in Vidaoo (key button, Generate API Token) and give it whole"
	case e.Status == http.StatusForbidden:
		return "the user of the API key may not do this; give its role the right to manage " + e.nouns() + " in Vidaoo, or use the key of a user who may"
	case e.Status == http.StatusTooManyRequests && e.RetryAfter > 0:
		return fmt.Sprintf("too many requests; try again in %v", e.RetryAfter.Round(time.Second))
	case e.Status == http.StatusTooManyRequests:
		return "too many requests; wait a minute and try again"
	case e.Unsupported():
		return fmt.Sprintf("this Vidaoo has no %s %s; check base-url, or say where it is with --set '%s=METHOD /path'", e.endpoint.method, e.endpoint.path, e.Operation)
	case e.Gone():
		return fmt.Sprintf("there is no such %s, or not any more; if there is, change the path with --set '%s=METHOD /path/{id}'", e.noun(), e.Operation)
	case e.Status >= 500:
		return "the trouble is at Vidaoo; try again later"
	case e.Status/100 == 3:
		return "it sends to another address; set base-url to the one where the API is"
	default:
		return fmt.Sprintf("check what was given; if that is right, this Vidaoo may want another encoding: --set '%s=%s'", e.Operation, e.otherEncoding())
	}
}

func (e *StatusError) otherEncoding() endpoint {
	other := e.endpoint
	if other.encoding = encodingJSON; e.endpoint.encoding == encodingJSON {
		other.encoding = encodingForm
	}
	return other
}

// noun is what an operation is about.
func (e *StatusError) noun() string {
	noun, _, _ := strings.Cut(string(e.Operation), "-")
	switch noun {
	case "meeting", "automation", "recording":
		return noun
	}
	return "account"
}

func (e *StatusError) nouns() string {
	if e.noun() == "account" {
		return "meetings"
	}
	return e.noun() + "s"
}

// FieldError says that a reply has not what it must have, as when the API changed its field names.
// Present holds keys that the server wrote, clean and bounded; no values.
type FieldError struct {
	Operation Operation
	Setting   string // which says where to look
	Looked    []string
	Present   []string
	Refused   string // why what was found can't be used; "" if nothing was found
}

func (e *FieldError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: Vidaoo's reply has no %s that can be used (looked at %s", e.Operation, strings.ReplaceAll(e.Setting, "-", " "), strings.Join(e.Looked, ", "))
	if e.Refused != "" {
		b.WriteString("; " + e.Refused)
	}
	b.WriteString("); ")
	if len(e.Present) == 0 {
		b.WriteString("the reply has no keys at all")
	} else {
		b.WriteString("the reply has " + strings.Join(e.Present, ", "))
	}
	fmt.Fprintf(&b, ": name the right one with --set %s=KEY", e.Setting)
	return b.String()
}

// ReplyError says that a reply can't be read.
type ReplyError struct {
	Operation Operation
	Host      string
	Why       string // holds nothing of the reply but a character
}

func (e *ReplyError) Error() string {
	return fmt.Sprintf("%s: the reply of %s can't be read: %s", e.Operation, e.Host, e.Why)
}

// UnsupportedError says that the settings name no endpoint for an operation.
type UnsupportedError struct{ Operation Operation }

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s: the settings say that this Vidaoo can't (%[1]s=none): say how with --set '%[1]s=METHOD /path'", e.Operation)
}

// Unsupported tells whether an error means that this Vidaoo does not have an operation, at least not
// where the settings look for it.
func Unsupported(err error) bool {
	var status *StatusError
	var setting *UnsupportedError
	return errors.As(err, &setting) || errors.As(err, &status) && status.Unsupported()
}

// NetworkError says that a request got no whole answer.
type NetworkError struct {
	Operation Operation
	Host      string
	Sent      bool // whether Vidaoo may have got the request
	Err       error

	unsafe bool // what was asked for may have been done, and twice is not once
}

func (e *NetworkError) Error() string {
	sentence := fmt.Sprintf("%s: %s", e.Operation, e.trouble())
	if e.Sent && e.unsafe {
		sentence += "; whether it was done is not known, so look in Vidaoo before you try again"
	}
	return sentence
}

func (e *NetworkError) Unwrap() error { return e.Err }

func (e *NetworkError) trouble() string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var plain tls.RecordHeaderError
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(e.Err, context.Canceled):
		return "stopped before " + e.Host + " answered"
	case errors.As(e.Err, &unknown):
		return fmt.Sprintf("the certificate of %s is of an authority that this machine does not know: if it is your organisation's own, name its certificate with --ca-file", e.Host)
	case errors.As(e.Err, &name):
		return fmt.Sprintf("the certificate of %s is for another name: check base-url", e.Host)
	case errors.As(e.Err, &invalid):
		return fmt.Sprintf("the certificate of %s has expired or does not fit: check this machine's clock, then tell who runs %[1]s", e.Host)
	case errors.As(e.Err, &plain), errors.Is(e.Err, http.ErrSchemeMismatch):
		return fmt.Sprintf("what answers at %s does not speak https: check base-url", e.Host)
	case errors.As(e.Err, &dns) && !dns.IsTimeout:
		return fmt.Sprintf("there is no machine %s, or this one can't find it: check base-url and the network", e.Host)
	case errors.Is(e.Err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nothing listens at %s: check base-url", e.Host)
	case errors.Is(e.Err, context.DeadlineExceeded) || errors.As(e.Err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("%s did not answer in time: try again, and check the way to it if it stays so", e.Host)
	case e.Sent:
		return fmt.Sprintf("%s cut the connection before its answer was whole: try again", e.Host)
	default:
		return fmt.Sprintf("%s can't be reached: check base-url and the network", e.Host)
	}
}

// newNetworkError takes the address out of an error: it is in the sentence, without its path.
func newNetworkError(op Operation, e endpoint, host string, err error) *NetworkError {
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return &NetworkError{Operation: op, Host: host, Sent: sent(err), Err: err, unsafe: !e.repeatable()}
}

// sent tells whether a request may have reached the server: it can't have if there was no connection.
func sent(err error) bool {
	var dial *net.OpError
	return !lasting(err) && !(errors.As(err, &dial) && (dial.Op == "dial" || dial.Op == "remote error"))
}

// lasting tells whether the next attempt will fail in the same way: nothing was sent, for the server
// has not the right certificate, or none.
func lasting(err error) bool {
	var certificate *tls.CertificateVerificationError
	var plain tls.RecordHeaderError
	return errors.As(err, &certificate) || errors.As(err, &plain) || errors.Is(err, http.ErrSchemeMismatch)
}
