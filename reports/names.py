"""How the categories are called in print, and which of them the report's sections are about."""

from typing import Final

CATEGORIES: Final = {
    "web_development": "Web development",
    "mobile_development": "Mobile development",
    "ecommerce_development": "E-commerce development",
    "software_development": "Software development",
    "game_development": "Game development",
    "qa_testing": "Quality assurance testing",
    "product_management": "Product management",
    "ai_machine_learning": "AI and machine learning",
    "data_science_analytics": "Data science and analytics",
    "data_engineering": "Data engineering",
    "devops_cloud": "DevOps and cloud",
    "networking_security": "Networking and security",
    "it_support": "IT support",
    "graphic_design": "Graphic design",
    "ui_ux_design": "UI and UX design",
    "video_production": "Video production",
    "audio_production": "Audio production",
    "photography": "Photography",
    "art_3d": "3D and art",
    "content_writing": "Content writing",
    "copywriting": "Copywriting",
    "translation": "Translation",
    "interpretation_tutoring": "Language tutoring and interpretation",
    "digital_marketing": "Digital marketing",
    "marketing_strategy": "Marketing strategy",
    "lead_generation": "Lead generation",
    "sales": "Sales",
    "virtual_assistance": "Virtual assistance",
    "data_entry": "Data entry",
    "project_management": "Project management",
    "customer_service": "Customer service",
    "accounting_finance": "Accounting and finance",
    "hr_recruiting": "HR and recruiting",
    "legal": "Legal",
    "engineering_architecture": "Engineering and architecture",
    "education_coaching": "Education and coaching",
    "other": "Other work",
}
"""Slug -> name in print."""

CREATIVE: Final = (
    "audio_production",
    "photography",
    "video_production",
    "graphic_design",
    "ui_ux_design",
    "art_3d",
)
HUMAN: Final = (
    "qa_testing",
    "interpretation_tutoring",
    "translation",
    "customer_service",
    "education_coaching",
)
"""Work that rests on judgement, conversation and presence."""

COMMERCE: Final = (
    "ecommerce_development",
    "digital_marketing",
    "marketing_strategy",
    "lead_generation",
    "sales",
)

KINDS: Final = {
    "technical": "Technical",
    "creative": "Creative",
    "human": "Human",
    "business": "Business",
    "language": "Language",
    "soft": "Soft",
}


def category(slug: str) -> str:
    """The category's name in print; a slug that is not known is shown with spaces."""
    return CATEGORIES.get(slug, slug.replace("_", " "))
