package demo_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/internal/demo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestPress: a press of the button makes a meeting, whose webhook comes with
// the words of the form.
func TestPress(t *testing.T) {
	webhooks := make(chan string, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		webhooks <- string(body)
	}))
	defer receiver.Close()
	ctx, cancel := context.WithCancel(t.Context())
	site, vidaoo := listen(t), listen(t)
	ended := make(chan error, 1)
	go func() {
		ended <- demo.Run(ctx, demo.Options{Vidaoo: vidaoo, Site: site, ReceiveURL: receiver.URL, Logger: slog.New(slog.DiscardHandler)})
	}()
	address := "http://" + site.Addr().String() + "/"
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, tc := range []struct {
		form   url.Values
		status int
		says   string
	}{
		{url.Values{"name": {"<b>Maria</b>"}, "language": {"it"}}, http.StatusOK, "Hello &lt;b&gt;Maria&lt;/b&gt;"},
		{url.Values{"name": {" "}}, http.StatusUnprocessableEntity, "Please tell us your name."},
	} {
		answer, err := client.PostForm(address, tc.form)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != tc.status || !strings.Contains(string(page), tc.says) {
			t.Errorf("%v: %d %v %s", tc.form, answer.StatusCode, err, page)
		}
	}
	select {
	case body := <-webhooks:
		for _, want := range []string{`"topic": "MY_WEBSITE"`, `"name": "\u003cb\u003eMaria\u003c/b\u003e"`, `"language": "it"`, "/session/"} {
			if !strings.Contains(body, want) && !strings.Contains(body, strings.ReplaceAll(strings.ReplaceAll(want, `\u003c`, "<"), `\u003e`, ">")) {
				t.Errorf("the webhook has no %s: %s", want, body)
			}
		}
	case <-time.After(20 * time.Second):
		t.Error("no webhook came")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
