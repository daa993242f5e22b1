namespace Blackwall.Feeds;

/// <summary>What became of a refresh of a feed.</summary>
/// <param name="Feed">Its name.</param>
/// <param name="Outcome">updated, unchanged, failed or held.</param>
/// <param name="Sentence">What happened, for a person.</param>
/// <param name="Entries">Entries of the list.</param>
/// <param name="Added">Entries that are new in it.</param>
/// <param name="Removed">Entries that are no longer in it.</param>
/// <param name="Invalid">Rows that cannot be read.</param>
/// <param name="Refused">Entries that are never enforced.</param>
internal sealed record FeedEventBody(string Feed, string Outcome, string Sentence, int Entries, int Added, int Removed, int Invalid, int Refused);
