using System.Net;
using Blackwall.Bridges.Tarpit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>What datagrams may cause, whatever the process behind the channel answers.</summary>
public sealed class DatagramGateTests
{
    private static readonly byte[] s_question = Convert.FromHexString("12340100000100000000000006676f6f676c6503636f6d0000010001");

    private readonly FakeTimeProvider _time = new();
    private readonly DatagramGate _gate;

    public DatagramGateTests() => _gate = new DatagramGate(_time);

    [Fact]
    public void An_answer_goes_to_the_asker_once_and_not_too_late()
    {
        IPEndPoint asker = IPEndPoint.Parse("198.51.100.7:4711");
        Assert.True(_gate.TryAdmit(asker, 3, s_question, out uint number));
        Assert.False(_gate.TryTake(number + 1, s_question, out _, out _, out _));
        Assert.True(_gate.TryTake(number, s_question, out IPEndPoint? to, out int socket, out byte[] sent));
        Assert.Equal((asker, 3), (to, socket));
        Assert.Equal(s_question, sent);
        Assert.False(_gate.TryTake(number, s_question, out _, out _, out _));

        Assert.True(_gate.TryAdmit(asker, 3, s_question, out number));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(_gate.TryTake(number, s_question, out _, out _, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(4000)]
    public void A_longer_answer_is_replaced_by_one_that_is_as_long_as_the_question(int more)
    {
        Assert.True(_gate.TryAdmit(IPEndPoint.Parse("198.51.100.7:4711"), 0, s_question, out uint number));
        Assert.True(_gate.TryTake(number, new byte[s_question.Length + more], out _, out _, out byte[] sent));
        Assert.Equal((s_question.Length, 0x83), (sent.Length, sent[2]));
        Assert.Equal(1, _gate.Shortened);
    }

    [Theory]
    [InlineData(53, true)]
    [InlineData(1024, true)]
    [InlineData(19, false)]
    [InlineData(123, false)]
    [InlineData(1023, false)]
    public void Ports_of_services_get_nothing_but_that_of_names(int port, bool isAdmitted) =>
        Assert.Equal(isAdmitted, _gate.TryAdmit(new IPEndPoint(IPAddress.Parse("198.51.100.7"), port), 0, s_question, out _));

    [Fact]
    public void What_is_an_answer_itself_or_nothing_is_not_handed_on()
    {
        byte[] answer = [.. s_question];
        answer[2] |= 0x80;
        Assert.False(_gate.TryAdmit(IPEndPoint.Parse("198.51.100.7:4711"), 0, answer, out _));
        Assert.False(_gate.TryAdmit(IPEndPoint.Parse("198.51.100.7:4711"), 0, s_question.AsSpan(0, 11), out _));
        Assert.True(_gate.TryAdmit(IPEndPoint.Parse("198.51.100.7:4711"), 0, s_question, out _));
        Assert.Equal(2, _gate.Dropped);
    }

    [Theory]
    [InlineData("198.51.100.{0}:4711", "198.51.101.1:4711")]
    [InlineData("[2001:db8:0:12{0:x2}::1]:4711", "[2001:db8:0:1300::1]:4711")]
    public void A_network_gets_five_answers_a_second(string format, string other)
    {
        int Admitted() => Enumerable.Range(1, 60).Count(n => _gate.TryAdmit(IPEndPoint.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, n)), 0, s_question, out _));
        Assert.Equal(5, Admitted());
        Assert.True(_gate.TryAdmit(IPEndPoint.Parse(other), 0, s_question, out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, Admitted());
    }

    [Fact]
    public void A_flood_of_forged_senders_takes_no_memory()
    {
        for (int i = 0; i < 20_000; i++)
        {
            _gate.TryAdmit(new IPEndPoint(new IPAddress([(byte)(i >> 8), (byte)i, 1, 1]), 4711), 0, s_question, out _);
        }

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(_gate.TryAdmit(IPEndPoint.Parse("198.51.100.7:4711"), 0, s_question, out uint number));
        Assert.True(_gate.TryTake(number, s_question, out _, out _, out _));
        Assert.True(_gate.Dropped > 15_000);
    }
}
