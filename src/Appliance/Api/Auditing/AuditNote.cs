namespace Blackwall.Api.Auditing;

/// <summary>What an endpoint adds to the audit entry of its request.</summary>
internal sealed class AuditNote
{
    /// <summary>JSON of what was there; null: nothing.</summary>
    public string? Before { get; set; }

    /// <summary>JSON of what is there now; null: nothing.</summary>
    public string? After { get; set; }

    /// <summary>Why it was refused.</summary>
    public string? Detail { get; set; }

    /// <summary>The request was a dry run.</summary>
    public bool Dry { get; set; }

    /// <summary>The entry of this request is in the log already.</summary>
    public bool Recorded { get; set; }

    public static AuditNote For(HttpContext context)
    {
        if (context.Features.Get<AuditNote>() is not { } note)
        {
            context.Features.Set(note = new AuditNote());
        }

        return note;
    }
}
