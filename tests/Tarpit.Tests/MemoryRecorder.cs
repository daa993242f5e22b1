using System.Collections.Concurrent;
using System.Security.Cryptography;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Tests;

/// <summary>Keeps records in memory, as many as a test looks at.</summary>
internal sealed class MemoryRecorder : IRecorder
{
    private readonly ConcurrentQueue<Observation> _observations = new();

    public IReadOnlyList<Observation> Observations => [.. _observations];

    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Which observation is lost in a fault: what records it fails with an exception that nobody expects.</summary>
    public Func<Observation, bool>? Fails { get; set; }

    public ISessionLog BeginSession() => new Log(this);

    public Observation? Last(string kind) => _observations.LastOrDefault(o => string.Equals(o.Kind, kind, StringComparison.Ordinal));

    private sealed class Log(MemoryRecorder recorder) : ISessionLog
    {
        public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

        public void Record(Observation observation)
        {
            if (recorder.Fails?.Invoke(observation) == true)
            {
                throw new NotSupportedException();
            }

            if (recorder._observations.Count < 10_000)
            {
                recorder._observations.Enqueue(observation);
            }
        }

        public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes)
        {
            // Only the host's recorder plays it back.
        }

        public string SaveFile(string name, ReadOnlySpan<byte> content)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(content));
            if (recorder.Files.Count < 64)
            {
                recorder.Files[hash] = content.ToArray();
            }

            return hash;
        }
    }
}
