namespace Blackwall.Pipeline.Model;

/// <summary>
/// A thing that can be found out about an address, by a name of its own: it says what its facts mean, and how they read as an English sentence. A
/// detector gives facts and never text.
/// </summary>
/// <param name="name">Machine word, distinct among all findings: "ports-tried".</param>
/// <param name="sentence">How the facts read, without a subject: "contacted 12 ports of 1 host in 2.0 s". Numbers and words of ours only: nothing that the other side wrote, but a known fingerprint.</param>
public sealed class Finding(string name, Func<EvidenceFacts, string> sentence)
{
    public string Name => name;

    /// <summary>How these facts read.</summary>
    internal string Sentence(EvidenceFacts facts)
    {
        string text = facts.Inside is null ? sentence(facts) : $"{facts.Inside} {sentence(facts)}";
        return facts.SharedSource == true ? text + "; many people share this address" : text;
    }
}
