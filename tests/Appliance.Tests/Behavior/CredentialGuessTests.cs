using System.Text;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

public sealed class CredentialGuessTests
{
    private const string Guesser = "198.51.100.12";

    private readonly Traffic _traffic = new();

    [Theory]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(401, false)]
    public void Passwords_that_the_server_refuses_one_after_the_other_are_guesses(int status, bool requestComesFirst)
    {
        for (int i = 0; i < 8; i++)
        {
            Try(Guesser, $"admin:password{i}", status, requestComesFirst, remotePort: 40000 + i);
        }

        DecisionRequest drop = Assert.Single(_traffic.Decisions);
        Assert.Equal(("brute-force", EvidenceClass.Application), (drop.Reason, drop.Evidence[0].Class));
        Assert.StartsWith("tried 8 logins at the web server on port 80", drop.Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_tries_on_one_connection_are_seen_as_well()
    {
        for (int i = 0; i < 8; i++)
        {
            Try(Guesser, $"admin:password{i}", 401);
        }

        Assert.Equal(["brute-force"], _traffic.Decisions.Select(decision => decision.Reason));
    }

    [Fact]
    public void A_client_with_an_old_password_is_misconfigured_and_guesses_nothing()
    {
        for (int i = 0; i < 500; i++)
        {
            _traffic.Wait(30);
            Try("203.0.113.40", "backup:spring", 401, remotePort: 30000 + i);
        }

        Assert.Empty(_traffic.Decisions);
    }

    [Fact]
    public void Refusals_without_credentials_are_the_usual_first_step()
    {
        for (int i = 0; i < 300; i++)
        {
            // Whom of an office it is, the server asks each of them first.
            _traffic.Wait(0.2).Request("203.0.113.41", "GET /reports HTTP/1.1\r\nHost: a\r\n\r\n", remotePort: 20000 + i);
            _traffic.Answer("203.0.113.41", 401, remotePort: 20000 + i);
            _traffic.Wait(0.1).Request("203.0.113.41", $"GET /reports HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {Encode($"user{i}:right")}\r\n\r\n", remotePort: 20000 + i);
        }

        // Answered with 200, of which nothing is told; then a page that is forbidden to all.
        for (int i = 0; i < 300; i++)
        {
            _traffic.Wait(0.2).Request("203.0.113.41", "GET /secret HTTP/1.1\r\nHost: a\r\n\r\n", remotePort: 20000 + i);
            _traffic.Answer("203.0.113.41", 403, remotePort: 20000 + i);
        }

        Assert.Empty(_traffic.Decisions);
    }

    [Fact]
    public void Negotiation_over_several_requests_is_no_guess()
    {
        for (int i = 0; i < 100; i++)
        {
            _traffic.Wait(0.5).Request("203.0.113.42", $"GET / HTTP/1.1\r\nAuthorization: NTLM TlRMTVNTUAAB{i}\r\n\r\n", remotePort: 20000 + i);
            _traffic.Answer("203.0.113.42", 401, remotePort: 20000 + i);
        }

        Assert.Empty(_traffic.Decisions);
    }

    private void Try(string source, string credentials, int status, bool requestComesFirst = true, int remotePort = 40000)
    {
        _traffic.Wait(1);
        string request = $"GET /private HTTP/1.1\r\nHost: a\r\nauthorization: basic {Encode(credentials)}\r\n\r\n";
        if (requestComesFirst)
        {
            _traffic.Request(source, request, remotePort: remotePort);
            _traffic.Answer(source, status, remotePort: remotePort);
            return;
        }

        // The rings are read one after the other: the answer may be told first, but bears the later time.
        _traffic.Establish(source, 80, remotePort: remotePort);
        _traffic.Wait(0.01).Answer(source, status, remotePort: remotePort);
        _traffic.Wait(-0.01).Request(source, request, remotePort: remotePort);
    }

    private static string Encode(string credentials) => Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
}
