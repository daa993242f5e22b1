using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Lab.Network;

namespace Blackwall.Benchmarks.Figures;

/// <summary>From an operator's request to the first packet that is dropped.</summary>
internal sealed class BanLatency : IFigures
{
    private const uint FirstSource = 0xc6120100; // 198.18.1.0
    private const int Port = 5555, MostPackets = 200_000;

    public string Name => "ban";

    public string Title => "Ban by API to first dropped packet (real appliance, HTTP keep-alive)";

    public async Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        int bans = options.Quick ? 40 : 200;
        await using BenchNetwork network = await BenchNetwork.CreateAsync(run, "a");
        await network.Outside.ConfigureAsync(Enumerable.Range(1, bans + 5).Select(i => $"address add {Source(i)}/15 dev {network.Sender}"));
        await using BenchAppliance appliance = await BenchAppliance.StartAsync(network, run, "ban");
        using Socket target = network.Edge.OpenSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        target.Bind(new IPEndPoint(IPAddress.Any, Port));
        List<double> milliseconds = [];
        for (int i = 1; i <= bans + 5; i++)
        {
            double one = await BanAsync(network, appliance, target, Source(i));
            if (i > 5)
            {
                // The first ones compile the code.
                milliseconds.Add(one);
            }
        }

        book.Add(new("ban to first drop, p50", milliseconds.Quantile(0.5), "ms", Note: $"{bans} sources that send a datagram about each 0.1 ms; the first that does not arrive is the first drop"));
        book.Add(new("ban to first drop, p99", milliseconds.Quantile(0.99), "ms", Budget: 5));
    }

    private static async Task<double> BanAsync(BenchNetwork network, BenchAppliance appliance, Socket target, string source)
    {
        using Socket attacker = network.Outside.OpenSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        attacker.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        attacker.Connect(IPAddress.Parse(BenchNetwork.EdgeAddress), Port);
        long[] sent = new long[MostPackets];
        long arrived = -1;
        bool stop = false;
        Thread sender = new(() =>
        {
            Span<byte> number = stackalloc byte[sizeof(int)];
            for (int i = 0; i < MostPackets && !Volatile.Read(ref stop); i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, i);
                sent[i] = Stopwatch.GetTimestamp();
                attacker.Send(number);
                Native.Nap(TimeSpan.FromMicroseconds(40));
            }
        });
        Thread receiver = new(() =>
        {
            byte[] number = new byte[sizeof(int)];
            target.ReceiveTimeout = 100;
            while (true)
            {
                try
                {
                    target.Receive(number);
                    Volatile.Write(ref arrived, BinaryPrimitives.ReadInt32LittleEndian(number));
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted)
                {
                    if (Volatile.Read(ref stop))
                    {
                        return;
                    }
                }
            }
        });
        receiver.Start();
        sender.Start();
        long asked;
        try
        {
            while (Volatile.Read(ref arrived) < 10)
            {
                if (!sender.IsAlive)
                {
                    throw new InvalidOperationException($"No packet of {source} arrives before it is banned.");
                }

                Native.Nap(TimeSpan.FromMilliseconds(1));
            }

            asked = Stopwatch.GetTimestamp();
            await appliance.Api.MustDecideAsync(source, "drop", CancellationToken.None);
            Native.Nap(TimeSpan.FromMilliseconds(20));
        }
        finally
        {
            // Before the sockets go, also when the ban failed.
            Volatile.Write(ref stop, true);
            sender.Join();
            receiver.Join();
        }

        long first = sent[arrived + 1];
        return first == 0
            ? throw new InvalidOperationException($"{source} was banned and its packets went on arriving.")
            : Math.Max(0, (first - asked) * 1000.0 / Stopwatch.Frequency);
    }

    private static string Source(int number) => SamplePolicy.Text(FirstSource + (uint)number);
}
