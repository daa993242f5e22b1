
namespace Blackwall.Api.Auditing;

/// <summary>Which rows, newest first.</summary>
/// <param name="Actor">Of this actor.</param>
/// <param name="Action">Of this operation.</param>
/// <param name="Refused">True: only what was refused; false: only what was done.</param>
/// <param name="Since">At or after.</param>
/// <param name="Before">Numbers below this; <see cref="long.MaxValue"/>: from the newest.</param>
/// <param name="Limit">Most rows, 1..1000.</param>
public sealed record AuditQuery(string? Actor, string? Action, bool? Refused, DateTimeOffset? Since, long Before, int Limit);
