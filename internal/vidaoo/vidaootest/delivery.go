package vidaootest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Delivery is one attempt to send a webhook.
type Delivery struct {
	Automation string // its id
	Trigger    Trigger
	Meeting    string // its id
	Attempt    int    // 1 is the first; 0 if it was never sent
	Sent       string // the body
	Status     int    // of the reply; 0 if there was none
	Reply      string // its body, at most 64 KiB
	Err        error  // why there was no reply
}

// Deliveries returns the last 1,000 deliveries in the order in which they ended.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.deliveries)
}

// Wait waits until n deliveries ended, all told since [New], and returns what [Server.Deliveries]
// does. The error says how many ended before ctx did.
func (s *Server) Wait(ctx context.Context, n int) ([]Delivery, error) {
	for {
		s.mu.Lock()
		delivered, news := s.delivered, s.news
		s.mu.Unlock()
		if delivered >= n {
			return s.Deliveries(), nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return s.Deliveries(), fmt.Errorf("%d of %d webhooks were delivered: %w", delivered, n, ctx.Err())
		}
	}
}

// send starts a webhook on its way; it waits while too many others are.
func (s *Server) send(ctx context.Context, url string, d Delivery) {
	select {
	case s.sending <- struct{}{}:
	case <-ctx.Done():
		d.Err = fmt.Errorf("not sent, %d others were on their way: %w", maxSending, ctx.Err())
		s.record(d)
		return
	case <-s.stopped.Done():
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		<-s.sending
		return
	}
	s.senders.Go(func() {
		defer func() { <-s.sending }()
		s.attempts(url, d)
	})
}

// attempts sends until there is an answer to keep, or no retry is left.
func (s *Server) attempts(url string, d Delivery) {
	for d.Attempt = 1; ; d.Attempt++ {
		d.Status, d.Reply, d.Err = s.post(url, d.Sent)
		s.record(d)
		again := d.Err != nil || d.Status == http.StatusTooManyRequests || d.Status >= 500
		if !again || d.Attempt > s.options.Retries {
			return
		}
		select {
		case <-time.After(s.options.RetryDelay):
		case <-s.stopped.Done():
			return
		}
	}
}

func (s *Server) post(url, body string) (status int, reply string, err error) {
	ctx, cancel := context.WithTimeout(s.stopped, s.options.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0, "", fmt.Errorf("the automation's URL: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxRequest))
	if err != nil {
		return 0, "", err
	}
	return response.StatusCode, string(answer), nil
}

func (s *Server) record(d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliveries = append(s.deliveries, d)
	s.deliveries = s.deliveries[max(0, len(s.deliveries)-maxDeliveries):]
	s.delivered++
	close(s.news)
	s.news = make(chan struct{})
}
