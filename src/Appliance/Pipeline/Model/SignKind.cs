namespace Blackwall.Pipeline.Model;

/// <summary>What a <see cref="Sign"/> says.</summary>
public enum SignKind
{
    /// <summary>An HTTP request; its weight is what the rules say of it, 0 for an ordinary one.</summary>
    Request,

    /// <summary>A login form was posted.</summary>
    LoginForm,

    /// <summary>A request came with credentials of its own (RFC 7617, RFC 7616).</summary>
    Credentials,

    /// <summary>What the client of a harmless request calls itself.</summary>
    Agent,

    /// <summary>The client is one that the fingerprint database names.</summary>
    Client,
}
