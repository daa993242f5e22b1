using System.Net;
using Blackwall.Tarpit.Dns;
using FsCheck.Xunit;
using Xunit;

namespace Blackwall.Tarpit.Tests.Dns;

/// <summary>Answers against those that Debian's bind9 9.18 gave to the same messages (bind-9.18.txt says how they were recorded), and what a datagram may cause.</summary>
public sealed class BindTests
{
    private const string Version = "9.18.30-0ubuntu0.24.04.2-Ubuntu";
    private static readonly IPEndPoint s_asked = IPEndPoint.Parse("192.0.2.22:53");
    private static readonly IPEndPoint s_asker = IPEndPoint.Parse("198.51.100.7:4711");
    private static readonly DnsServer s_server = new("example.test", "web-prod-01", Version, 2_024_031_501, new byte[32], TimeProvider.System);
    private static readonly DnsService s_service = new(s_server, TimeProvider.System);

    public static TheoryData<string, string, string> Recorded()
    {
        TheoryData<string, string, string> data = [];
        using Stream stream = typeof(BindTests).Assembly.GetManifestResourceStream("bind-9.18.txt")!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.Split(" | ") is [var name, var question, var answer])
            {
                data.Add(name, question, answer);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void The_answer_is_that_of_bind(string name, string question, string answer)
    {
        byte[]? own = s_server.Answer(Convert.FromHexString(question), s_asked.Address, s_asker.Address);
        Assert.Equal($"{name}: {answer}", $"{name}: {(own is null ? "-" : Masked(own))}");
    }

    [Fact]
    public void There_are_recorded_answers() => Assert.True(Recorded().Count > 70);

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_datagram_is_never_answered_with_more_than_it_had(string name, string question, string answer)
    {
        byte[] asked = Convert.FromHexString(question);
        byte[]? own = s_service.AnswerDatagram(asked, s_asker, s_asked);
        Assert.True(own is null || own.Length <= asked.Length, name);
        if (answer.Length > question.Length)
        {
            Assert.Equal((asked.Length, 2), (own!.Length, own[2] & 2));
        }
    }

    [Property(MaxTest = 5000)]
    public bool Whatever_comes_the_answer_is_not_longer(byte[] bytes, byte[] head)
    {
        byte[] message = [.. head, .. bytes];
        return s_service.AnswerDatagram(message, s_asker, s_asked) is not { } answer || answer.Length <= message.Length;
    }

    [Theory]
    [InlineData("www.example.test", null)]
    [InlineData("autodiscover.office.example.test", null)]
    [InlineData("dnscat.9a1f00d2c3", "tunnel")]
    [InlineData("1f0e3dad99908345f7439f8ffabdffc4b1c9a2.t.example.test", "tunnel")]
    [InlineData("xkqzvjw7h2ptrm9.example.test", "generated")]
    public void Names_that_carry_data_are_told_from_others(string name, string? kind) => Assert.Equal(kind, TunnelName.Classify(name.Split('.')));

    // Version, time and hash of a server cookie differ.
    private static string Masked(byte[] answer)
    {
        int at = answer.AsSpan().IndexOf(new byte[] { 0, 10, 0, 24 });
        if (at > 0)
        {
            answer.AsSpan(at + 12, 16).Clear();
        }

        return Convert.ToHexStringLower(answer);
    }
}
