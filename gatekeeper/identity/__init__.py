"""Who is who: principals, the person behind each, their roles, tokens and browser sessions."""
