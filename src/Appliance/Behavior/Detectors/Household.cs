using System.Runtime.CompilerServices;
using Blackwall.Behavior.Memory;

namespace Blackwall.Behavior.Detectors;

/// <summary>What the addresses of one IPv6 /64 did together: one household as a rule, but some providers put many customers into one.</summary>
internal struct Household
{
    /// <summary>Logins that failed, and that got in, in a short window, an hour and a day.</summary>
    public LoginWindow Fast;
    public LoginWindow Slow;
    public LoginWindow Day;

    /// <summary>Addresses of which a login failed, and that sent probing requests.</summary>
    public DistinctWindow Guessers;
    public DistinctWindow Probers;

    /// <summary>Addresses that used services in the ordinary way.</summary>
    public DistinctWindow Users;

    /// <summary>Probing requests, each once, and what they weigh in thousandths since <see cref="ProbeSeconds"/>.</summary>
    public DistinctWindow Probes;
    public uint ProbeScore;
    public uint ProbeSeconds;

    /// <summary>When guesses and probes were last reported, in seconds.</summary>
    public Times Reported;

    /// <summary>One a kind: guesses, probes.</summary>
    [InlineArray(Length)]
    internal struct Times
    {
        public const int Length = 2;

        private uint _first;
    }
}
