
namespace Blackwall.Api.Contracts;

/// <summary>How a decision ended.</summary>
/// <param name="Time">When.</param>
/// <param name="Cause">lifted or expired.</param>
/// <param name="By">Who did it.</param>
public sealed record EndBody(DateTimeOffset Time, [property: Word(WordLists.EndCause)] string Cause, string By);
