package agent

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// certificateTrouble says what is wrong with a certificate and what to do,
// each kind of trouble in its own sentence. whose is "The hub's" or "The
// proxy's". It is false for an error that is about something else.
func certificateTrouble(err error, whose string, now time.Time) (sentence string, is bool) {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var roots x509.SystemRootsError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown):
		return unknownAuthority(unknown.Cert, whose), true
	case errors.As(err, &host):
		return wrongHost(host, whose), true
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return wrongTime(invalid.Cert, whose, now), true
	case errors.As(err, &roots):
		return "This computer's own list of trusted authorities can't be read. Ask your administrator.", true
	case errors.As(err, &invalid), errors.As(err, &verification):
		return whose + " certificate is not fit for its purpose. Tell your administrator, who has to replace it.", true
	default:
		return "", false
	}
}

func unknownAuthority(c *x509.Certificate, whose string) string {
	if c == nil || c.Issuer.String() == c.Subject.String() {
		return whose + " certificate was made by itself and by no authority that this computer trusts. Your administrator can give you the certificate's file to choose in the settings; do not sign in without it."
	}
	return fmt.Sprintf("%s certificate was issued by %s, which this computer does not trust. If that is your organisation's own authority, choose its certificate's file in the settings; if you do not know it, somebody may be listening in: ask your administrator.", whose, quoted(issuer(c)))
}

func wrongHost(e x509.HostnameError, whose string) string {
	if e.Certificate == nil {
		return whose + " certificate is for another address. Check the address, or ask your administrator."
	}
	return fmt.Sprintf("%s certificate is for %s and not for %s. Check the address; if it is right, tell your administrator.", whose, namesOf(e.Certificate), printable(e.Host))
}

// wrongTime is about both, the certificate and this computer's clock: from
// here it can't be known which of them is wrong.
func wrongTime(c *x509.Certificate, whose string, now time.Time) string {
	if c == nil {
		return whose + " certificate has expired or is not valid yet. Check this computer's date and time; if they are right, tell your administrator."
	}
	was, do := "expired on "+moment(c.NotAfter), "who has to renew it"
	if now.Before(c.NotBefore) {
		was, do = "is not valid before "+moment(c.NotBefore), "who has to replace it"
	}
	return fmt.Sprintf("%s certificate %s. On this computer it is %s: if that is wrong, set the date and time; if it is right, tell your administrator, %s.", whose, was, moment(now), do)
}

// certificateFound says what a good certificate is.
func certificateFound(c *x509.Certificate) string {
	return fmt.Sprintf("The certificate was issued by %s for %s and is good until %s.", quoted(issuer(c)), namesOf(c), moment(c.NotAfter))
}

// issuer is the name of who issued a certificate, as people know it.
func issuer(c *x509.Certificate) string {
	n := c.Issuer
	organization := strings.Join(n.Organization, ", ")
	switch {
	case n.CommonName != "" && organization != "" && !strings.Contains(n.CommonName, organization):
		return organization + " " + n.CommonName
	case n.CommonName != "":
		return n.CommonName
	case organization != "":
		return organization
	default:
		return "somebody without a name"
	}
}

const mostNames = 3

// namesOf are the hosts of a certificate; some have hundreds.
func namesOf(c *x509.Certificate) string {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	more := ""
	if len(names) > mostNames {
		more = fmt.Sprintf(" and %d more", len(names)-mostNames)
		names = names[:mostNames]
	}
	if len(names) == 0 {
		return "no host"
	}
	for i := range names {
		names[i] = printable(names[i])
	}
	return strings.Join(names, ", ") + more
}

const longestName = 64

func quoted(s string) string { return "“" + printable(s) + "”" }

// printable makes a word of a certificate or an answer fit to be shown:
// whoever sits on the way may have written it.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	if letters := []rune(s); len(letters) > longestName {
		return string(letters[:longestName-1]) + "…"
	}
	return s
}

// moment is a time as it stands on this computer's clock.
func moment(t time.Time) string { return t.Local().Format("2 January 2006, 15:04") }
