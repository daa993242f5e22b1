namespace Blackwall.Kernel;

/// <summary>Which way an interface of a gateway looks.</summary>
public enum Side
{
    /// <summary>To the internet: who comes in by it is a stranger.</summary>
    Outside,

    /// <summary>To hosts of our own: what they send to others is our side's, as if this machine sent it.</summary>
    Inside,
}
