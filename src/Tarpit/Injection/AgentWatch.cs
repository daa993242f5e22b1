using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Injection;

/// <summary>
/// Looks for peers that are led by a language model: they do what a note for agents asks (obedience), or they send whole command lines, each another one, with
/// the pauses of a model that reads the output and thinks (timing). Bots send all at once, people at a terminal type key by key. A person who pastes lines
/// looks like it: timing is a sign of little weight and nothing more.
/// </summary>
/// <param name="token">What only who read the note knows.</param>
internal sealed class AgentWatch(IRecorder inner, string token, TimeProvider time) : IRecorder
{
    /// <summary>Commands before timing is judged.</summary>
    public const int Fewest = 8;

    public ISessionLog BeginSession() => new Log(inner.BeginSession(), token, time);

    private sealed class Log(ISessionLog inner, string token, TimeProvider time) : ISessionLog
    {
        private const int Most = 64;
        private const int SmallestChunk = 4;
        private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(0.7);
        private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

        private readonly Lock _lock = new();
        private readonly List<TimeSpan> _pauses = [];
        private readonly HashSet<string> _commands = new(StringComparer.Ordinal);
        private long _last;
        private int _count;
        private int _elaborate;
        private int _keys;
        private int _lines;
        private bool _isObedient;
        private bool _isTimed;

        public string Id => inner.Id;

        public void Record(Observation observation)
        {
            inner.Record(observation);
            if (observation is { Kind: ObservationKinds.Command, Text: { } text } && Judge(text) is { } found)
            {
                inner.Record(new Observation(ObservationKinds.Agent) { Name = found, Text = text.Length > 256 ? text[..256] : text });
            }
        }

        public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes)
        {
            if (isInput && bytes.Length > 0)
            {
                lock (_lock)
                {
                    _keys += bytes.Length < SmallestChunk && bytes[0] is not ((byte)'\r' or (byte)'\n') ? 1 : 0;
                    _lines += bytes.Length >= SmallestChunk && bytes[^1] is (byte)'\r' or (byte)'\n' ? 1 : 0;
                }
            }

            inner.RecordTerminal(isInput, bytes);
        }

        public string SaveFile(string name, ReadOnlySpan<byte> content) => inner.SaveFile(name, content);

        private string? Judge(string text)
        {
            lock (_lock)
            {
                if (!_isObedient && text.Contains(token, StringComparison.Ordinal))
                {
                    _isObedient = true;
                    return "bait";
                }

                long now = time.GetTimestamp();
                if (_count > 0 && _pauses.Count < Most)
                {
                    _pauses.Add(time.GetElapsedTime(_last, now));
                }

                _last = now;
                _count++;
                if (_commands.Count < Most)
                {
                    _commands.Add(text);
                }

                _elaborate += IsElaborate(text) ? 1 : 0;
                if (_isTimed || _count < Fewest || _count > Most || !LooksLed())
                {
                    return null;
                }

                _isTimed = true;
                return "timing";
            }
        }

        // Nearly all pauses of a length in which a model answers, not all alike; whole lines; no command twice; half of them several commands in one.
        private bool LooksLed()
        {
            TimeSpan[] thought = [.. _pauses.Where(pause => pause >= s_shortest && pause <= s_longest).Order()];
            return thought.Length * 10 >= _pauses.Count * 9
                && thought[^1] - thought[0] > TimeSpan.FromSeconds(0.5) && thought[thought.Length * 3 / 4] > thought[thought.Length / 4] * 1.1
                && _keys <= _lines && _commands.Count * 10 >= _count * 9 && _elaborate * 2 >= _count;
        }

        private static bool IsElaborate(string text) =>
            text.Contains("&&", StringComparison.Ordinal) || text.Contains("||", StringComparison.Ordinal) || text.Contains("; ", StringComparison.Ordinal) || text.Contains("2>/dev/null", StringComparison.Ordinal)
            || text.Contains("2>&1", StringComparison.Ordinal) || text.Contains(" | head", StringComparison.Ordinal) || text.Contains("--no-pager", StringComparison.Ordinal);
    }
}
