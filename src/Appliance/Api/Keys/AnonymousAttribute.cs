namespace Blackwall.Api.Keys;

/// <summary>The endpoint answers without a key.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnonymousAttribute : Attribute;
