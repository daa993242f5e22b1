using Blackwall.Pipeline.Model;
using Blackwall.Replay.Wire;

namespace Blackwall.Benchmarks.Detection;

/// <summary>
/// Three detectors that others use or that everybody builds first, over the same packets: a leaky bucket of 15 distinct ports that leaks one
/// in 5 s (as CrowdSec has it), 15 ports or 25 hosts in vain in 5 min and 30 connections to a login port in 30 min (Zeek), and gaps whose
/// coefficient of variation is below 0.3.
/// </summary>
internal sealed class Baselines
{
    // A flood would make the counting quadratic; what counts is there long before.
    private const int MostTries = 400;

    private readonly Dictionary<Address, Bucket> _buckets = [];
    private readonly Dictionary<Address, Counted> _counted = [];
    private readonly Dictionary<(Address, Address, ushort), List<double>> _gaps = [];
    private readonly Dictionary<(Address, ushort, Address, ushort), bool> _open = [];

    public List<Alarm> Alarms { get; } = [];

    public void Take(in FrameSketch frame, double time)
    {
        if (frame.Answers)
        {
            // Answered: not in vain any more.
            if (_counted.TryGetValue(frame.Destination, out Counted? answered))
            {
                (Address host, ushort port) = (frame.Source, frame.SourcePort);
                answered.Tries.RemoveAll(t => t.Host == host && t.Port == port);
            }

            return;
        }

        if (!frame.Opens || !_open.TryAdd((frame.Source, frame.SourcePort, frame.Destination, frame.DestinationPort), true))
        {
            return;
        }

        Leak(in frame, time);
        Count(in frame, time);
        Clock(in frame, time);
    }

    private void Leak(in FrameSketch frame, double time)
    {
        Bucket bucket = _buckets.TryGetValue(frame.Source, out Bucket? known) ? known : _buckets[frame.Source] = new Bucket { Last = time };
        bucket.Level = Math.Max(0, bucket.Level - ((time - bucket.Last) / 5));
        if (bucket.Level == 0)
        {
            bucket.Ports.Clear();
        }

        bucket.Last = time;
        if (bucket.Ports.Add(frame.DestinationPort) && ++bucket.Level > 15)
        {
            Alarms.Add(new Alarm($"{frame.Source}", null, "bucket", time, Blocks: true));
            bucket.Level = 0;
            bucket.Ports.Clear();
        }
    }

    private void Count(in FrameSketch frame, double time)
    {
        Counted counted = _counted.TryGetValue(frame.Source, out Counted? known) ? known : _counted[frame.Source] = new Counted();
        counted.Tries.RemoveAll(t => time - t.Time > 300);
        if (counted.Tries.Count >= MostTries)
        {
            counted.Tries.RemoveRange(0, MostTries / 2);
        }

        counted.Tries.Add((time, frame.Destination, frame.DestinationPort));
        if (counted.Tries.Select(t => t.Port).Distinct().Count() >= 15 || counted.Tries.Select(t => t.Host).Distinct().Count() >= 25)
        {
            Alarms.Add(new Alarm($"{frame.Source}", null, "counts", time, Blocks: true));
            counted.Tries.Clear();
        }

        if (frame.DestinationPort is 21 or 22)
        {
            counted.Logins.Add(time);
            counted.Logins.RemoveAll(t => time - t > 1800);
            if (counted.Logins.Count >= 30)
            {
                Alarms.Add(new Alarm($"{frame.Source}", null, "counts", time, Blocks: true));
                counted.Logins.Clear();
            }
        }
    }

    private void Clock(in FrameSketch frame, double time)
    {
        var key = (frame.Source, frame.Destination, frame.DestinationPort);
        List<double> times = _gaps.TryGetValue(key, out List<double>? known) ? known : _gaps[key] = [];
        times.Add(time);
        if (times.Count < 20 || times.Count > 200)
        {
            return;
        }

        double[] gaps = [.. times.Zip(times.Skip(1), (a, b) => b - a)];
        double mean = gaps.Average();
        if (Math.Sqrt(gaps.Average(g => (g - mean) * (g - mean))) < 0.3 * mean)
        {
            Alarms.Add(new Alarm($"{frame.Source}", $"{frame.Destination}", "variation", time, Blocks: false));
        }
    }

    private sealed class Bucket
    {
        public HashSet<ushort> Ports { get; } = [];

        public double Level { get; set; }

        public double Last { get; set; }
    }

    private sealed class Counted
    {
        public List<(double Time, Address Host, ushort Port)> Tries { get; } = [];

        public List<double> Logins { get; } = [];
    }
}
