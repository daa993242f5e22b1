using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior.Outbound;

public sealed class CipherTests
{
    private const string Host = "192.0.2.50", Master = "203.0.113.99";

    [Theory]
    [InlineData(OutboundResponse.Alert)]
    [InlineData(OutboundResponse.Drop)]
    public void Cipher_on_a_clear_text_port_is_told_of_our_host_once_in_hours_and_nobody_is_blocked(OutboundResponse response)
    {
        var traffic = new Traffic(new DetectionOptions { OutboundVerdict = response });
        for (int i = 0; i < 20; i++)
        {
            Whisper(traffic.Wait(97 * (i % 3)), 80);
        }

        Evidence told = Assert.Single(traffic.Told("cleartext-entropy"));
        Assert.Equal((Address.Parse(Host), EvidenceClass.Handshake), (told.Source, told.Class));
        Assert.Contains($"{Master} port 80", told.Detail, StringComparison.Ordinal);
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_peer_to_peer_program_that_meets_such_ports_by_chance_is_not_told_of()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 100; i++)
        {
            traffic.Wait(1).CheckIn(Host, $"203.0.113.{i}", 1024 + (i * 37));
        }

        Whisper(traffic, 8080);
        Assert.Empty(traffic.Told("cleartext-entropy"));
    }

    private static void Whisper(Traffic traffic, int port) =>
        traffic.Send(EventKind.Entropy, Master, 50_000, Host, Traffic.Tcp, port, direction: FlowDirection.Outbound);
}
