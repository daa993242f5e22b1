using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

/// <summary>Addresses of one IPv6 /64 cost nothing, so what they do together counts together.</summary>
public sealed class HouseholdTests
{
    private const string Network = "2001:db8:dead:1::/64";

    // Addresses are counted by hashes with a key of the process: of three, two count as one in some of them.
    [Theory]
    [InlineData(50, 350)]
    [InlineData(300, 900)]
    [InlineData(6, 90)]
    public void Guesses_shared_out_over_a_network_are_told_of_it_and_block_it(int addresses, int guesses)
    {
        var traffic = new Traffic();
        for (int i = 0; i < guesses && !traffic.Decisions.Exists(d => d.Scope == Prefix.Parse(Network)); i++)
        {
            Guess(traffic.Wait(1), Guesser(i % addresses), i);
        }

        DecisionRequest block = Assert.Single(traffic.Decisions, d => d.Scope == Prefix.Parse(Network));
        Assert.Equal((Verdict.Drop, "brute-force", EvidenceClass.Handshake), (block.Verdict, block.Reason, block.Evidence[0].Class));
        Assert.Contains($"addresses of {Network} together tried", block.Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_others_in_the_network_use_services_it_is_told_and_limited_and_not_blocked()
    {
        var traffic = new Traffic();
        traffic.Use("2001:db8:dead:1::aaaa", 443);
        for (int i = 0; i < 350; i++)
        {
            Guess(traffic.Wait(1), Guesser(i % 100), i);
        }

        DecisionRequest[] about = [.. traffic.Decisions.Where(d => d.Scope == Prefix.Parse(Network))];
        Assert.NotEmpty(about);
        Assert.All(about, d => Assert.Equal((Verdict.RateLimit, EvidenceClass.Spoofable), (d.Verdict, d.Evidence[0].Class)));
        Assert.DoesNotContain(traffic.Decisions, d => d.Verdict == Verdict.Drop);
    }

    [Fact]
    public void People_of_one_network_who_mostly_get_in_are_no_guessers()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 600; i++)
        {
            traffic.Wait(20).Use(Guesser(i % 40), 22, remotePort: 20_000 + i, bytesIn: 4000, bytesOut: 6000, ssh: i % 3 == 0 ? SshState.Refused : SshState.In);
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void Probes_shared_out_over_a_network_are_told_of_it()
    {
        var traffic = new Traffic();
        string[] targets = ["/.env", "/.git/config", "/phpmyadmin/", "/server-status", "/solr/admin/", "/.aws/credentials", "/etc/passwd", "/actuator/env"];
        for (int i = 0; i < targets.Length; i++)
        {
            traffic.Wait(5).Request(Guesser(i), $"GET {targets[i]} HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        DecisionRequest block = Assert.Single(traffic.Decisions, d => d.Scope == Prefix.Parse(Network));
        Assert.Equal((Verdict.Drop, "http-probe", EvidenceClass.Application), (block.Verdict, block.Reason, block.Evidence[0].Class));
    }

    private static string Guesser(int number) => $"2001:db8:dead:1::{0x1000 + number:x}";

    private static void Guess(Traffic traffic, string source, int number) =>
        traffic.Use(source, 22, remotePort: 20_000 + (number % 40_000), bytesIn: 1275, bytesOut: 1703, seconds: 0.02, ssh: SshState.Refused);
}
