using System.Globalization;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Injection;

/// <summary>Looks for orders to language models in everything that sessions record, and records what it finds beside it. Of one session at most so many.</summary>
internal sealed class InjectionWatch(IRecorder inner) : IRecorder
{
    public ISessionLog BeginSession() => new Log(inner.BeginSession());

    private sealed class Log(ISessionLog inner) : ISessionLog
    {
        private const int MostTold = 50;
        private const int MostLooked = 2000;
        private const int MostCharacters = 1 << 20;
        private const int LongestExcerpt = 512;
        private const int MostOfFile = 4096;

        private int _told;
        private int _looked;
        private int _characters;

        public string Id => inner.Id;

        public void Record(Observation observation)
        {
            inner.Record(observation);
            if (observation.Kind is ObservationKinds.Connect or ObservationKinds.Close)
            {
                return;
            }

            Look(observation.Kind, observation.Text);
            Look(observation.Kind, observation.Name);
            Look(observation.Kind, observation.Value);
            Look(observation.Kind, observation.User);
            Look(observation.Kind, observation.Secret);
            Look(observation.Kind, observation.Host);
        }

        public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes) => inner.RecordTerminal(isInput, bytes);

        public string SaveFile(string name, ReadOnlySpan<byte> content)
        {
            Look("file", System.Text.Encoding.UTF8.GetString(content[..Math.Min(content.Length, MostOfFile)]));
            return inner.SaveFile(name, content);
        }

        private void Look(string where, string? text)
        {
            if (text is null || Volatile.Read(ref _told) >= MostTold || Interlocked.Increment(ref _looked) > MostLooked || Interlocked.Add(ref _characters, Math.Min(text.Length, InjectionText.Most)) > MostCharacters || InjectionDetector.Scan(text) is not { IsFound: true } found)
            {
                return;
            }

            if (Interlocked.Increment(ref _told) <= MostTold)
            {
                inner.Record(new Observation(ObservationKinds.Injection)
                {
                    Name = string.Join(' ', found.Families),
                    Value = found.Score.ToString(CultureInfo.InvariantCulture),
                    Method = where,
                    Text = text.Length > LongestExcerpt ? text[..LongestExcerpt] : text,
                });
            }
        }
    }
}
