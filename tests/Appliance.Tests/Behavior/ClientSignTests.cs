using Blackwall.Behavior.Judgement;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

public sealed class ClientSignTests
{
    private const string Scanner = "198.51.100.13";

    private readonly Traffic _traffic = new();

    [Fact]
    public void A_known_scanner_alone_is_suspected_at_most()
    {
        _traffic.Use(Scanner, 443);
        for (int i = 0; i < 5; i++)
        {
            Sign(0.7, EvidenceClass.Application);
        }

        Assert.Equal(Phase.Suspicious, _traffic.PhaseOf(Scanner));
        Assert.Empty(_traffic.Decisions);
    }

    [Theory]
    [InlineData(0.4, EvidenceClass.Application, true)]
    [InlineData(0.4, EvidenceClass.Spoofable, false)]
    [InlineData(0.05, EvidenceClass.Application, false)]
    public void Beside_a_weak_kind_of_evidence_it_is_the_second_kind_unless_it_can_be_forged(double weight, EvidenceClass evidenceClass, bool isBlocked)
    {
        _traffic.Use(Scanner, 443);
        Sign(weight, evidenceClass);

        // Dozens of handshakes for nothing: a slow scan that nobody forged, which alone limits.
        for (int port = 1; port <= 64; port++)
        {
            PortScanTests.Touch(_traffic.Wait(5), Scanner, 9000 + port);
        }

        Assert.Contains("slow-port-scan", _traffic.Decisions.Select(decision => decision.Reason));
        Assert.Equal(isBlocked, _traffic.Verdicts.Contains(Verdict.Drop));
    }

    private void Sign(double weight, EvidenceClass evidenceClass)
    {
        Sign sign = new(SignKind.Client, Address.Parse(Scanner), evidenceClass, weight, 0, 0, 0, _traffic.Now, new EvidenceFacts(new Finding("known-client", _ => "its client looks like a scanner")));
        _traffic.Stage.OnSign(in sign, _traffic);
    }
}
