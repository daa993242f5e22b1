using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>A live host takes back what our side answered to a SYN forged in its name, whatever the forger did to its limits.</summary>
[Collection(KernelCollection.Name)]
public sealed class TakeBackTests(KernelHarness kernel)
{
    private readonly KernelHarness _kernel = kernel.Reset();

    [Theory]
    [InlineData("203.0.113.7", "198.51.100.1")]
    [InlineData("2001:db8:1::7", "2001:db8:2::1")]
    public void Only_the_reset_with_the_number_of_our_answer_passes_outside_the_limit(string host, string server)
    {
        _kernel.Configure(s => s with { Limits = [new RateRule(RateClass.New, RateScope.Host, 0.001, 1), new RateRule(RateClass.New, RateScope.Net, 0.001, 1)] });
        _kernel.Ingress(Frame.From(host, server).TcpSegment(5556, 80, Frame.Syn, 1000));
        _kernel.Egress(Frame.From(server, host).TcpSegment(80, 5556, Frame.Syn | Frame.Ack, 7000, 1001));
        for (uint guess = 0; guess < 5; guess++)
        {
            _kernel.Ingress(Frame.From(host, server).TcpSegment(5556, 80, Frame.Rst, 90_000 + guess));
        }

        Assert.Equal(Reason.DropLimitNew, _kernel.Ingress(Frame.From(host, server).TcpSegment(5556, 80, Frame.Rst, 91_000)).Reason);
        Assert.Equal((KernelHarness.Pass, Reason.PassDefault), Ended(_kernel.Ingress(Frame.From(host, server).TcpSegment(5556, 80, Frame.Rst, 1001))));

        // Once: the answer is taken back.
        Assert.Equal(Reason.DropLimitNew, _kernel.Ingress(Frame.From(host, server).TcpSegment(5556, 80, Frame.Rst, 1001)).Reason);
    }

    private static (int Code, Reason? Reason) Ended(Outcome outcome) => (outcome.Code, outcome.Reason);
}
