using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Benchmarks.Detection;

/// <summary>DNS: tunnels of four makes beside names that look like them.</summary>
internal static class Questions
{
    private const string Resolver = "9.9.9.9";
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";
    private const string Hex = "0123456789abcdef";

    public static Tape Tunnels(int seed)
    {
        Tape tape = new(seed);
        Tunnel(tape, "10.20.5.1", Base32, 50, 2, 0.2, 10, "t.exit-node.net");
        Tunnel(tape, "10.20.5.2", Hex, 60, 1, 1, 16, "dnscat.example.org");
        Tunnel(tape, "10.20.5.3", Base32, 28, 1, 3, 5, "cdn.weather-info.co.uk");
        Tunnel(tape, "10.20.5.4", Base32, 40, 1, 8, 1, "a.update-check.com");
        tape.Guilty("10.20.5.1", 0, "dns-tunnel");
        tape.Guilty("10.20.5.2", 0, "dns-tunnel");
        tape.Guilty("10.20.5.3", 0, "dns-tunnel");
        tape.Guilty("10.20.5.4", 0, "dns-tunnel");
        for (int i = 0; i < 1500; i++)
        {
            string host = $"10.20.6.{1 + (i % 60)}";
            Ask(tape, i * 2, host, $"www.{Word(tape, Base32[..26], 4 + tape.Dice.Next(8))}.com", 1);
            Ask(tape, (i * 2) + 0.3, host, $"d{Word(tape, Hex, 12)}.cloudfront.net", 28);
            Ask(tape, (i * 2) + 0.5, "10.20.6.200", $"{tape.Dice.Next(256)}.{tape.Dice.Next(256)}.{tape.Dice.Next(256)}.{tape.Dice.Next(256)}.zen.spamhaus.org", 1);
            Ask(tape, (i * 2) + 0.6, "10.20.6.201", $"{tape.Dice.Next(256)}.{tape.Dice.Next(256)}.{tape.Dice.Next(256)}.{tape.Dice.Next(256)}.in-addr.arpa", 12);
            if (i % 120 == 0)
            {
                Ask(tape, (i * 2) + 0.7, host, $"{Word(tape, Hex, 32)}.avqs.mcafee.com", 1);
            }
        }

        return tape;
    }

    private static void Tunnel(Tape tape, string host, string alphabet, int length, int labels, double pace, int type, string domain)
    {
        for (int i = 0; i < 200; i++)
        {
            string name = string.Join('.', Enumerable.Range(0, labels).Select(_ => Word(tape, alphabet, length)));
            Ask(tape, i * pace, host, $"{name}.{domain}", type);
        }
    }

    private static void Ask(Tape tape, double time, string host, string name, int type)
    {
        byte[] message = new byte[12 + name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)tape.Dice.Next(65_536));
        message[2] = 1;
        message[5] = 1;
        int at = 12;
        foreach (string label in name.Split('.'))
        {
            message[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, message.AsSpan(at));
        }

        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 1), (ushort)type);
        message[at + 4] = 1;
        tape.Datagram(time, host, Resolver, tape.NextPort(), 53, message);
    }

    private static string Word(Tape tape, string alphabet, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[tape.Dice.Next(alphabet.Length)]));
}
