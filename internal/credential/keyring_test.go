package credential_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/deskbell/deskbell/internal/credential"
)

var desk4 = credential.Account{Hub: "https://bell.example.org", User: "desk4"}

// wantKind fails the test unless err is an *Error of that kind for desk4, with
// a sentence that ends and an advice.
func wantKind(t *testing.T, err error, want credential.Kind) *credential.Error {
	t.Helper()
	var failed *credential.Error
	if !errors.As(err, &failed) {
		t.Fatalf("error is %v, want an *Error of kind %q", err, want)
	}
	if failed.Kind != want {
		t.Errorf("kind is %q, want %q: %v", failed.Kind, want, err)
	}
	if failed.Account != desk4 || failed.Op == "" {
		t.Errorf("error is about %q of %s", failed.Op, failed.Account)
	}
	if sentence := failed.Sentence(); !strings.HasSuffix(sentence, ".") || strings.Count(sentence, ". ") != 1 {
		t.Errorf("sentence %q does not say what happened and what to do", sentence)
	}
	if errors.Is(err, credential.ErrNotFound) != (want == credential.NotFound) {
		t.Errorf("errors.Is(%v, ErrNotFound) is %t", err, errors.Is(err, credential.ErrNotFound))
	}
	return failed
}

func TestKeyringNamesFailures(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want credential.Kind
	}{
		{"not found", keyring.ErrNotFound, credential.NotFound},
		{"too big", keyring.ErrSetDataTooBig, credential.TooBig},
		{"unsupported", keyring.ErrUnsupportedPlatform, credential.NoSecretService},
		{"deadline", context.DeadlineExceeded, credential.TimedOut},
		{"canceled", context.Canceled, credential.Canceled},
		{"named below", &credential.Error{Kind: credential.Locked}, credential.Locked},
		{"other", errors.New("it rains"), credential.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := credential.NewKeyringOver(func(context.Context, string, string) (string, error) {
				return "", tt.err
			}, credential.Options{})
			_, err := k.Get(t.Context(), desk4)
			if failed := wantKind(t, err, tt.want); failed.Op != credential.Read {
				t.Errorf("Get's operation is %q", failed.Op)
			}
			if failed := wantKind(t, k.Set(t.Context(), desk4, "s3cret"), tt.want); failed.Op != credential.Keep {
				t.Errorf("Set's operation is %q", failed.Op)
			}
			if failed := wantKind(t, k.Delete(t.Context(), desk4), tt.want); failed.Op != credential.Forget {
				t.Errorf("Delete's operation is %q", failed.Op)
			}
		})
	}
}

// A person who signs out is not told to sign in, but that the token is still kept.
func TestErrorAdvice(t *testing.T) {
	for _, tt := range []struct {
		op   credential.Op
		want string
	}{
		{credential.Read, "Your keyring is locked. Unlock it and try again, or sign in for this session only."},
		{credential.Keep, "Your keyring is locked. Unlock it and try again, or sign in for this session only."},
		{credential.Forget, `Your keyring is locked. Unlock it and try again, or remove the entry "desk4@bell.example.org" yourself: it is still kept.`},
	} {
		err := &credential.Error{Kind: credential.Locked, Op: tt.op, Account: desk4}
		if got := err.Sentence(); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.op, got, tt.want)
		}
	}
}

func TestKeyringRefusesWhatSomeSystemCannotKeep(t *testing.T) {
	asked := false
	k := credential.NewKeyringOver(func(context.Context, string, string) (string, error) {
		asked = true
		return "", nil
	}, credential.Options{})
	if err := k.Set(t.Context(), desk4, strings.Repeat("x", credential.MaxSecret)); err != nil || !asked {
		t.Errorf("a secret of %d bytes: %v", credential.MaxSecret, err)
	}
	asked = false
	wantKind(t, k.Set(t.Context(), desk4, strings.Repeat("x", credential.MaxSecret+1)), credential.TooBig)
	long := credential.Account{Hub: desk4.Hub, User: strings.Repeat("x", credential.MaxName)}
	var failed *credential.Error
	if err := k.Set(t.Context(), long, "s3cret"); !errors.As(err, &failed) || failed.Kind != credential.TooBig {
		t.Errorf("a name over %d bytes: %v", credential.MaxName, err)
	}
	if asked {
		t.Error("the keyring was asked to keep what is too big")
	}
}

// A keyring that never answers costs one goroutine, however often it is asked,
// and works again as soon as it answers.
func TestKeyringThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const deadline = 10 * time.Second
		var calls atomic.Int32
		slow := 0
		hang := make(chan struct{})
		k := credential.NewKeyringOver(func(context.Context, string, string) (string, error) {
			calls.Add(1)
			<-hang
			return "s3cret", nil
		}, credential.Options{Deadline: deadline, Slow: func() { slow++ }})

		start := time.Now()
		for try := 1; try <= 5; try++ {
			_, err := k.Get(t.Context(), desk4)
			wantKind(t, err, credential.TimedOut)
			if waited := time.Since(start); waited != time.Duration(try)*deadline {
				t.Errorf("after try %d it is %v, want %v a try", try, waited, deadline)
			}
			if slow != try {
				t.Errorf("after try %d, Slow was called %d times", try, slow)
			}
		}
		if n := calls.Load(); n != 1 {
			t.Errorf("the keyring was asked %d times while it hung", n)
		}

		close(hang)
		synctest.Wait()
		if got, err := k.Get(t.Context(), desk4); err != nil || got != "s3cret" {
			t.Errorf("Get after the keyring recovered: %q, %v", got, err)
		}
		if n := calls.Load(); n != 2 || slow != 5 {
			t.Errorf("%d calls and %d slow ones, want 2 and 5", n, slow)
		}
	})
}

func TestKeyringSlowTellsBeforeTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var told time.Duration
		k := credential.NewKeyringOver(func(context.Context, string, string) (string, error) {
			<-time.After(30 * time.Second)
			return "s3cret", nil
		}, credential.Options{Slow: func() { told = time.Since(start) }})
		got, err := k.Get(t.Context(), desk4)
		if err != nil || got != "s3cret" {
			t.Errorf("Get: %q, %v", got, err)
		}
		if told != time.Second {
			t.Errorf("Slow was called after %v, want 1s", told)
		}
	})
}

func TestKeyringHeedsItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := credential.NewKeyringOver(func(ctx context.Context, _, _ string) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		}, credential.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		wantKind(t, k.Set(ctx, desk4, "s3cret"), credential.Canceled)
		if waited := time.Since(start); waited != 3*time.Second {
			t.Errorf("Set returned after %v, want when it was canceled, after 3s", waited)
		}
	})
}

func TestKeyringSurvivesAPanic(t *testing.T) {
	for _, tt := range []struct {
		name  string
		panic func()
	}{
		{"nil dereference", func() { var p *struct{ x int }; p.x++ }},
		{"with the secret", func() { panic("s3cret") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := credential.NewKeyringOver(func(context.Context, string, string) (string, error) {
				tt.panic()
				return "", nil
			}, credential.Options{})
			for range 2 {
				failed := wantKind(t, k.Set(t.Context(), desk4, "s3cret"), credential.Unknown)
				if text := failed.Error(); !strings.Contains(text, "broke off") || strings.Contains(text, "s3cret") {
					t.Errorf("error is %q", text)
				}
			}
		})
	}
}

func TestKeyringNeverRepeatsTheSecret(t *testing.T) {
	k := credential.NewKeyringOver(func(_ context.Context, _, secret string) (string, error) {
		return "", errors.Join(keyring.ErrSetDataTooBig, errors.New("cannot keep "+secret))
	}, credential.Options{})
	err := k.Set(t.Context(), desk4, "s3cret")
	wantKind(t, err, credential.TooBig)
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		if strings.Contains(cause.Error(), "s3cret") {
			t.Errorf("the error repeats the secret: %v", cause)
		}
	}
}
